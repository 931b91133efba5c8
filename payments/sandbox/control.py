"""What a test, or a curious person, may do to the world: settle, dispute, fail, disable, break, move time.

Over HTTP: ``POST /_control/<act>`` with a JSON object of arguments. In tests: ``sandbox.control.<act>(…)``.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from payments.sandbox import balances, cards, faults, onboarding, paying, webhooks
from payments.sandbox.engine import Engine
from payments.sandbox.resources import checkout, disputes, payouts, refunds
from payments.sandbox.store import Thing
from payments.sandbox.world import PLATFORM, Origin


@dataclass(slots=True)
class Control:
    engine: Engine

    def do(self, act: str, **facts: Any) -> Any:
        """One act by name, as one change."""
        world = self.engine.world
        with world.store.writing():
            world.origin = Origin()
            answer = ACTS[act](self, **facts)
        world.ring()
        return answer

    def __getattr__(self, act: str) -> Callable[..., Any]:
        if act not in ACTS:
            raise AttributeError(act)
        return lambda **facts: self.do(act, **facts)


def pay_session(control: Control, session: str, method: str = "card") -> str:
    """Pay a checkout session as the hosted page would."""
    world = control.engine.world
    answer = paying.pay(world, world.get("checkout.session", session), cards.METHODS[method])
    if answer == "challenge":
        answer = paying.answer_challenge(world, world.get("checkout.session", session), passed=True)
    return answer


def expire_session(control: Control, session: str) -> Thing:
    world = control.engine.world
    return checkout.close(world, world.get("checkout.session", session))


def finish_debit(control: Control, payment_intent: str, *, succeeded: bool = True) -> None:
    world = control.engine.world
    paying.finish_debit(world, world.get("payment_intent", payment_intent), succeeded=succeeded)


def settle(control: Control, source: str | None = None) -> int:
    """Pending money becomes available: all of it, or what one charge brought."""
    world = control.engine.world
    touched = balances.settle(world, source)
    for account in touched:
        world.emit("balance.available", balances.balance(world, account), account)
    refunds.send_waiting(world)
    return len(touched)


def open_dispute(control: Control, charge: str, amount: int | None = None, reason: str = "fraudulent") -> Thing:
    world = control.engine.world
    return disputes.open_dispute(world, world.get("charge", charge), amount=amount, reason=reason)


def close_dispute(control: Control, dispute: str, *, won: bool) -> Thing:
    world = control.engine.world
    return disputes.close_dispute(world, world.get("dispute", dispute), won=won)


def fail_refund(control: Control, refund: str) -> Thing:
    world = control.engine.world
    return refunds.fail_refund(world, world.get("refund", refund))


def pay_payout(control: Control, payout: str) -> Thing:
    world = control.engine.world
    return payouts.pay_payout(world, world.get("payout", payout, None))


def fail_payout(control: Control, payout: str, code: str = "account_closed") -> Thing:
    world = control.engine.world
    return payouts.fail_payout(world, world.get("payout", payout, None), code=code)


def complete_onboarding(control: Control, account: str, bank: str = "works") -> Thing:
    world = control.engine.world
    return onboarding.complete(world, world.get("account", account), bank=bank)


def disable_account(control: Control, account: str, reason: str = "requirements.past_due") -> Thing:
    world = control.engine.world
    return onboarding.disable(world, world.get("account", account), reason=reason)


def add_funds(control: Control, amount: int, currency: str = "usd") -> Thing:
    """A top-up of the platform's own balance."""
    world = control.engine.world
    return balances.book(world, kind="topup", source=world.new_id("tu"), amount=amount, currency=currency)


def advance(control: Control, seconds: int) -> int:
    """Move the double's clock, and let happen what falls due."""
    world = control.engine.world
    world.store.set_knob("clock", int(world.store.knob("clock", 0)) + seconds)
    tick(control)
    return world.now()


def tick(control: Control) -> None:
    """What time does by itself."""
    world = control.engine.world
    checkout.expire_due(world)
    paying.finish_debits_due(world)
    payouts.arrive_due(world)
    refunds.send_waiting(world)
    control.engine.answers.prune(world.now())


def fault(control: Control, route: str, kind: str, count: int = 1, *, after: bool = False, seconds: float = 0) -> None:
    """Arm a fault: cut, delay, 429, 409, 500; before the work, or after it."""
    faults.arm(control.engine.world.store, route, kind, count=count, after=after, seconds=seconds)


def clear_faults(control: Control) -> None:
    faults.disarm(control.engine.world.store)


def set_weather(control: Control, percent: int, seed: int = 0) -> None:
    """So many percent of all requests meet some fault, until it is set to 0."""
    faults.set_weather(control.engine.world.store, percent=percent, seed=seed)


def set_webhooks(control: Control, **switches: Any) -> dict[str, Any]:
    """Switches: hold, drop, duplicate, shuffle."""
    webhooks.set_switches(control.engine.world.store, **switches)
    return webhooks.read_switches(control.engine.world.store)


def resend(control: Control, event: str) -> None:
    """Queue an event once more."""
    world = control.engine.world
    endpoint = "connect" if world.account_of(event) != PLATFORM else "platform"
    world.store.run("INSERT INTO deliveries (event, endpoint, due) VALUES (?, ?, ?)", event, endpoint, time.time())


def retry_webhooks(control: Control) -> int:
    """Try all waiting news at once."""
    webhooks.make_due(control.engine.world.store)
    return webhooks.waiting(control.engine.world.store)


def balance(control: Control, account: str = PLATFORM) -> Thing:
    return balances.balance(control.engine.world, account)


def state(control: Control) -> dict[str, Any]:
    """How much of everything there is."""
    store = control.engine.world.store
    counts = dict(store.run("SELECT kind, COUNT(*) FROM things GROUP BY kind"))
    return {"things": counts, "webhooks_waiting": webhooks.waiting(store), "now": control.engine.world.now()}


ACTS: dict[str, Callable[..., Any]] = {
    act.__name__: act
    for act in (
        pay_session, expire_session, finish_debit, settle, open_dispute, close_dispute, fail_refund, pay_payout,
        fail_payout, complete_onboarding, disable_account, add_funds, advance, tick, fault, clear_faults,
        set_weather, set_webhooks, resend, retry_webhooks, balance, state,
    )
}  # fmt: skip
