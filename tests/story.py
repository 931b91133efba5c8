"""What is true of the story, whoever walks it: Mina bakes a reel for Rosa's Bakery and gets €240.00 for it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from campaigns.models import Activity, Collaboration
from marketplace.kit.money import Money
from marketplace.notices.models import Notice
from marketplace.users.models import User
from payments import ledger
from payments.models import Entry, Payout
from payments.states import Chart
from tests.cast import Cast
from tests.plugins.live import Stack, until
from tests.walkers import Visitor

BIO = "I bake sourdough bread at home in Ulm and show every step of it, from the starter to the crust."
# Fee €240.00 agreed after a counter-offer; the platform's 9 % come on top; a European card costs 1.5 % + €0.25.
FEE, PLATFORM, TOTAL, PROCESSING = 240_00, 21_60, 261_60, 4_17
OPEN_LEDGER = [
    ("Payment secured by Rosa's Bakery", "€261.60", "done"),
    ("Payment processing, paid by the platform", "€4.17", "done"),
    ("Released to Mina", "€240.00", "done"),
    ("Platform fee, out of the payment", "€21.60", "done"),
    ("Arrived at the account of Mina", "€240.00", "done"),
    ("Arrived at the bank with a payout", "€240.00", "done"),
]
TOLD_BUSINESS = [
    "campaign.approve", "campaign.matched", "invitation.accept", "offer.counter", "offer.accept",
    "collaboration.start", "collaboration.submit", "collaboration.submit", "collaboration.mark_live",
    "collaboration.complete",
]  # fmt: skip
TOLD_CREATOR = [
    "invitation.send", "offer.send", "offer.agree", "offer.accept", "collaboration.start",
    "collaboration.request_changes", "collaboration.approve", "collaboration.complete", "collaboration.released",
    "payout.paid",
]  # fmt: skip
HAPPENED = [
    ("create", "creator"), ("pay", "payer"), ("start", "bank"), ("submit", "creator"), ("request_changes", "manager"),
    ("submit", "creator"), ("approve", "manager"), ("mark_live", "creator"), ("accept_live", "manager"),
]  # fmt: skip


def day(days: int) -> str:
    """A day from today, as forms and the API take it."""
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def told(user: User) -> list[str]:
    """What somebody was told, in order, about the work."""
    kinds = Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True)
    return [kind for kind in kinds if "." in kind]


def to_the_bank(stack: Stack, browser: Visitor) -> None:
    """Mina tells Stripe who she is; the waiting transfer leaves; she asks for a payout, and it arrives."""
    browser.open("/earnings/")
    browser.send("/earnings/onboarding/")
    browser.send(first_name="Mina", last_name="Park", bank="works", agree="yes", do="finish")
    assert browser.url.endswith("/earnings/")
    until(lambda: browser.open("/earnings/").offers("payout"), what="the money at the creator's account")

    stack.bank.control.settle()
    browser.open("/earnings/payout/").send("/earnings/payout/")
    payout_arrives(stack)


def payout_arrives(stack: Stack) -> None:
    """Days later the payout is at the bank. Only the payout is moved: the double's clock is shared by all tests."""
    stack.rest()
    payout = until(lambda: Payout.objects.exclude(stripe_id=None).exclude(stripe_id="").first(), what="the payout")
    stack.bank.control.pay_payout(payout=payout.stripe_id)
    stack.rest()


def assert_the_end(stack: Stack, cast: Cast) -> None:
    """Every cent, every notice, every mail, every line of the diary."""
    room = Collaboration.objects.select_related("hold__payee").get()
    euros = {chart: Entry.objects.balance(chart, "EUR") for chart in Chart.values}
    assert sum(money.minor for money in euros.values()) == 0
    assert euros[Chart.PLATFORM_FEE] == Money(-PLATFORM, "EUR")
    assert euros[Chart.PROCESSING] == Money(PROCESSING, "EUR")
    assert euros[Chart.STRIPE] == Money(PLATFORM - PROCESSING, "EUR")
    for chart in (Chart.HOLD, Chart.TRANSIT):
        assert ledger.held(chart, room.hold.public_id, "EUR") == Money(0, "EUR")
    assert ledger.held(Chart.MEMO_PAID_OUT, room.hold.payee.public_id, "EUR") == Money(FEE, "EUR")
    assert room.hold.total == Money(TOTAL, "EUR")

    rows = Activity.objects.filter(collaboration=room).order_by("pk")
    assert list(rows.values_list("verb", "role")) == HAPPENED
    assert told(cast.owner) == TOLD_BUSINESS
    assert told(cast.mina) == TOLD_CREATOR
    until(lambda: not Notice.objects.filter(mailed_at=None).exists(), what="the last mail")
    assert len(stack.mails(cast.mina.email)) == Notice.objects.filter(user=cast.mina).count()
