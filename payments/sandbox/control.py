"""What a test, or a curious person, may do to the world: settle, dispute, fail, disable, break, move time.

Over HTTP: ``POST /_control/<act>`` with a JSON object of arguments. In tests: ``sandbox.control.<act>(…)``.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from payments.sandbox import balances, cards, faults, instant, onboarding, paying, webhooks
from payments.sandbox.engine import Engine
from payments.sandbox.resources import checkout, disputes, fees, payouts, refunds
from payments.sandbox.store import Thing
from payments.sandbox.world import DAY, PLATFORM, Origin


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


def open_dispute(
    control: Control, charge: str, amount: int | None = None, reason: str = "fraudulent", *, inquiry: bool = False
) -> Thing:
    """``amount``: a part of it only. ``inquiry``: the bank asks first and takes nothing."""
    world = control.engine.world
    return disputes.open_dispute(world, world.get("charge", charge), amount=amount, reason=reason, inquiry=inquiry)


def escalate_dispute(control: Control, dispute: str) -> Thing:
    """An inquiry becomes a dispute that takes the money."""
    world = control.engine.world
    return disputes.escalate(world, world.get("dispute", dispute))


def close_dispute(control: Control, dispute: str, *, won: bool, fee_back: bool = True) -> Thing:
    """``fee_back``: whether Stripe returns the fee of a dispute that was won; it depends on the country."""
    world = control.engine.world
    return disputes.close_dispute(world, world.get("dispute", dispute), won=won, fee_back=fee_back)


def finish_refund(control: Control, refund: str) -> Thing:
    world = control.engine.world
    return refunds.finish_refund(world, world.get("refund", refund))


def fail_refund(control: Control, refund: str, reason: str = "lost_or_stolen_card") -> Thing:
    world = control.engine.world
    return refunds.fail_refund(world, world.get("refund", refund), reason=reason)


def cancel_refund(control: Control, refund: str) -> Thing:
    world = control.engine.world
    return refunds.cancel_refund(world, world.get("refund", refund))


def hand_over_payout(control: Control, payout: str) -> Thing:
    """Stripe gives the payout to the bank: it is in transit."""
    world = control.engine.world
    return payouts.hand_over(world, world.get("payout", payout, None))


def pay_payout(control: Control, payout: str) -> Thing:
    world = control.engine.world
    return payouts.pay_payout(world, world.get("payout", payout, None))


def fail_payout(control: Control, payout: str, code: str = "account_closed") -> Thing:
    world = control.engine.world
    return payouts.fail_payout(world, world.get("payout", payout, None), code=code)


def set_instant_price(control: Control, bps: int, fixed: int = 0) -> None:
    """What the platform takes from an account for an instant payout, as set in Stripe's dashboard."""
    instant.set_price(control.engine.world, bps=bps, fixed=fixed)


def bill_instant(control: Control) -> None:
    """Stripe bills the platform for the instant payouts of its accounts."""
    fees.bill(control.engine.world)


def complete_onboarding(
    control: Control, account: str, bank: str = "works", currency: str = "", *, pending: bool = False
) -> Thing:
    """``bank``: works, closed or slow. ``pending``: Stripe still checks a document; complete again when it has."""
    world = control.engine.world
    found = world.get("account", account)
    return onboarding.complete(world, found, bank=bank, currency=currency, pending=pending)


def require_document(control: Control, account: str, seconds: int = 14 * DAY) -> Thing:
    """Stripe wants a document within so many seconds; afterwards the account is disabled."""
    world = control.engine.world
    return onboarding.require(world, world.get("account", account), needs=(onboarding.DOCUMENT,), seconds=seconds)


def change_bank(control: Control, account: str, bank: str = "works", currency: str = "", name: str = "") -> Thing:
    """The payee names another bank account (in another currency: one more)."""
    world = control.engine.world
    found = world.get("account", account)
    return onboarding.replace_bank(world, found, name=name, bank=bank, currency=currency)


def deauthorize(control: Control, account: str) -> Thing:
    """The payee cuts the tie between their account and the platform."""
    world = control.engine.world
    return onboarding.deauthorize(world, world.get("account", account))


def disable_account(control: Control, account: str, reason: str = "requirements.past_due") -> Thing:
    world = control.engine.world
    return onboarding.disable(world, world.get("account", account), reason=reason)


def add_funds(control: Control, amount: int, currency: str = "usd") -> Thing:
    """A top-up of the platform's own balance."""
    world = control.engine.world
    return balances.book(world, kind="topup", source=world.new_id("tu"), amount=amount, currency=currency)


def set_overdraft(control: Control, units: int) -> None:
    """How far below zero refunds may take the platform's balance; beyond that they wait for money."""
    control.engine.world.store.set_knob("overdraft", units)


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
    disputes.lapse_due(world)
    onboarding.disable_due(world)
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
    """Switches: hold, drop, duplicate, shuffle, api_version."""
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
        pay_session, expire_session, finish_debit, settle, open_dispute, escalate_dispute, close_dispute,
        finish_refund, fail_refund, cancel_refund, hand_over_payout, pay_payout, fail_payout,
        set_instant_price, bill_instant, complete_onboarding,
        require_document, disable_account, change_bank, deauthorize, add_funds, set_overdraft, advance, tick, fault,
        clear_faults, set_weather, set_webhooks, resend, retry_webhooks, balance, state,
    )
}  # fmt: skip
