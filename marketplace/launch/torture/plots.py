"""What becomes of one collaboration, at the bank's level: from signed terms to money that has arrived somewhere.

Every step first looks whether it is done already: an answer that was lost on the way back may have been a yes.
"""

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from marketplace.kit.money import Money
from marketplace.launch.torture.patience import at_stripe, persist
from payments import services
from payments.models import Account, Checkout, Hold
from payments.states import CheckoutState, HoldState, RefundState

PAGE = "https://goodword.example/back/"
CURRENCIES = {"EUR": "DE", "USD": "US", "JPY": "JP"}
_OPENING = threading.Lock()  # two people of one business would open two accounts
SIDES = 25  # collaborations per payer and payee, so that accounts are shared and locks are met


@dataclass(frozen=True)
class Plot:
    """One collaboration to be played: its story, its money, who pays and who is paid."""

    number: int
    story: str
    amount: Money
    percent: int

    @property
    def reference(self) -> str:
        return f"torture:{self.number}"

    @property
    def side(self) -> str:
        """The name that payer and payee of this collaboration share."""
        shared = f"{self.amount.currency} {self.number % (1 + self.number // SIDES)}"
        return f"late {self.number}" if self.story == "payee comes late" else shared


def plan(collaborations: int, seed: int) -> Iterator[Plot]:
    """The same plots for the same seed."""
    chance = random.Random(f"plots {seed}")  # noqa: S311 - a plan that can be repeated
    stories, weights = list(WEIGHTS), list(WEIGHTS.values())
    for number in range(collaborations):
        currency = chance.choices(list(CURRENCIES), [8, 3, 1])[0]
        story = chance.choices(stories, weights)[0]
        yield Plot(number, story, Money(chance.randint(20_00, 900_00), currency), chance.randint(1, 99))


def play(plot: Plot) -> None:
    """Open the hold and tell its story to the end. Raises GaveUp when somebody waited in vain."""
    ready = plot.story != "payee comes late"
    payer, payee = account("payer", plot), account("payee", plot)
    if ready:
        onboard(payee)
    STORIES[plot.story](plot, persist(lambda: open_hold(plot, payer, payee), "the hold"))


def account(kind: str, plot: Plot) -> Account:
    """Theirs, opened once."""
    name = f"{kind} {plot.side}"

    def found() -> Account:
        known = Account.objects.filter(kind=kind, name=name).order_by("pk").first()
        currency = plot.amount.currency
        return known or services.open_account(
            kind=kind, name=name, email=f"{kind}@torture.example", country=CURRENCIES[currency], currency=currency
        )

    with _OPENING:
        return persist(found, f"an account for {name}")


def onboard(payee: Account) -> None:
    """The payee answers Stripe's questions, and we hear of it."""

    def known() -> bool:
        payee.refresh_from_db()
        if not payee.stripe_account_id:
            services.start_onboarding(payee, return_url=PAGE, refresh_url=PAGE)
            payee.refresh_from_db()
        return bool(payee.stripe_account_id)

    def ready() -> bool:
        payee.refresh_from_db()
        if not payee.is_onboarded:
            at_stripe("complete_onboarding", account=payee.stripe_account_id, currency=payee.currency.lower())
            services.refresh_account(payee)
        return payee.is_onboarded

    persist(known, "an account at Stripe")
    persist(ready, "the end of onboarding")


def open_hold(plot: Plot, payer: Account, payee: Account) -> Hold:
    return Hold.objects.filter(reference=plot.reference).first() or services.open_hold(
        payer=payer, payee=payee, amount=plot.amount, reference=plot.reference, description="One reel about sourdough",
        due_at=timezone.now() + timedelta(hours=72),
    )  # fmt: skip


def page_of(hold: Hold) -> Checkout:
    """The payment page that is open for this hold."""

    def opened() -> Checkout | None:
        services.checkout_url(Hold.objects.get(pk=hold.pk), success_url=PAGE, cancel_url=PAGE)
        return hold.checkouts.filter(state=CheckoutState.OPEN).exclude(stripe_id=None).order_by("-pk").first()

    return persist(opened, "the payment page")


def pay(hold: Hold, *methods: str) -> None:
    """Go to the page and try these ways to pay one after the other."""
    page = page_of(hold)
    for method in methods:
        persist(lambda method=method: at_stripe("pay_session", session=page.stripe_id, method=method), method)  # type: ignore[misc]


def wait(hold: Hold, *states: str) -> None:
    """Until the hold is in one of these states; a payer who waits looks at their page now and then."""

    def there() -> bool:
        hold.refresh_from_db()
        if hold.state == HoldState.AWAITING_PAYMENT:
            services.refresh_checkout(hold)
        return hold.state in states

    persist(there, f"{hold.reference} to be {' or '.join(states)}")


def release(hold: Hold) -> None:
    """The work is approved; stays until the money is at the payee's account."""

    def asked() -> bool:
        hold.refresh_from_db()
        if hold.state == HoldState.SECURED:
            services.release(hold)
        return hold.state in {HoldState.RELEASING, HoldState.RELEASED}

    persist(asked, "the release")


def refund(hold: Hold, amount: Money | None) -> None:
    """Called off, in whole or in part; stays until the money is with the payer."""

    def asked() -> bool:
        hold.refresh_from_db()
        if not hold.refunds.standing().exists():
            services.refund(hold, amount=amount, reason="called off")
        return hold.refunds.standing().exists()

    persist(asked, "the refund")
    persist(lambda: hold.refunds.filter(state=RefundState.SUCCEEDED).exists(), "the refunded money")


def paid_by(*methods: str) -> Callable[[Plot, Hold], None]:
    """Paid so, then released."""

    def story(_plot: Plot, hold: Hold) -> None:
        pay(hold, *methods)
        wait(hold, HoldState.SECURED)
        release(hold)
        wait(hold, HoldState.RELEASED)

    return story


def debit_bounces(plot: Plot, hold: Hold) -> None:
    pay(hold, "debit_fails")
    persist(lambda: hold.checkouts.filter(state=CheckoutState.FAILED).exists(), "the debit to bounce")
    paid_by("card")(plot, hold)


def partly_refunded(plot: Plot, hold: Hold) -> None:
    pay(hold, "card")
    wait(hold, HoldState.SECURED)
    refund(hold, Money(max(1, plot.amount.minor * plot.percent // 100), plot.amount.currency))
    release(hold)
    wait(hold, HoldState.RELEASED)


def wholly_refunded(_plot: Plot, hold: Hold) -> None:
    pay(hold, "card")
    wait(hold, HoldState.SECURED)
    refund(hold, None)
    wait(hold, HoldState.REFUNDED)


def cancelled(_plot: Plot, hold: Hold) -> None:
    page_of(hold)
    persist(lambda: expired(hold), "the end of an unpaid hold")


def paid_too_late(_plot: Plot, hold: Hold) -> None:
    """The hold expires while the payer is on the page; whoever comes first, the money is somewhere we can name."""
    page = page_of(hold)
    persist(lambda: expired(hold), "the end of an unpaid hold")
    said = persist(lambda: at_stripe("pay_session", session=page.stripe_id, method="card"), "a late payment")
    if said in {"paid", "complete"}:
        persist(
            lambda: hold.refunds.filter(late=True, state=RefundState.SUCCEEDED).exists(), "the late money to go back"
        )


def payee_comes_late(plot: Plot, hold: Hold) -> None:
    pay(hold, "card")
    wait(hold, HoldState.SECURED)
    release(hold)
    onboard(persist(lambda: hold.payee, "the payee"))
    wait(hold, HoldState.RELEASED)


def expired(hold: Hold) -> bool:
    hold.refresh_from_db()
    if hold.state == HoldState.AWAITING_PAYMENT:
        services.expire_hold(hold)
    return hold.state == HoldState.EXPIRED


STORIES: dict[str, Callable[[Plot, Hold], None]] = {
    "by card": paid_by("card"),
    "by a card that asks": paid_by("challenge"),
    "declined first": paid_by("declined", "no_funds", "card"),
    "by bank debit": paid_by("debit"),
    "a debit bounces": debit_bounces,
    "partly refunded": partly_refunded,
    "wholly refunded": wholly_refunded,
    "cancelled": cancelled,
    "paid too late": paid_too_late,
    "payee comes late": payee_comes_late,
}
WEIGHTS = {
    "by card": 40, "by a card that asks": 8, "declined first": 6, "by bank debit": 8, "a debit bounces": 4,
    "partly refunded": 10, "wholly refunded": 8, "cancelled": 6, "paid too late": 6, "payee comes late": 4,
}  # fmt: skip
