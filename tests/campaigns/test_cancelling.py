"""The business cancels paid work without a cause: who gets what, to the cent, by the contract that was signed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns import budget, clock
from campaigns.ladder import kill_fee, lines, percent, printed
from campaigns.models import Activity, Collaboration
from campaigns.services import cancelling, work
from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from marketplace.notices.models import Notice
from marketplace.trust.models import Strike
from payments import gateway
from payments.models import Hold, Operation
from payments.settlement import sending
from tests import cast as people
from tests.cast import Cast
from tests.pages import browser

LATER = timedelta(hours=25)


@pytest.fixture
def paid(cast: Cast) -> Collaboration:
    """Mina's work for 200.00, paid with our fee of 18.00."""
    return people.secure(people.collaboration(cast))


def keeps(made: Collaboration) -> int:
    return cancelling.kill_fee(made).keeps.minor


def test_the_rungs_are_climbed_one_by_one(cast: Cast, paid: Collaboration) -> None:
    climbed = [keeps(paid)]
    with time_machine.travel(timezone.now() + LATER):
        climbed.append(keeps(paid))
        cancelling.begin(paid, by=cast.mina)
        climbed.append(keeps(paid))
        work.submit_work(paid, link="https://example.org/x", by=cast.mina)
        climbed.append(keeps(paid))
        work.approve_work(paid, by=cast.manager)
        climbed.append(keeps(paid))

    assert climbed == [0, 2_000, 5_000, 10_000, 20_000]


@pytest.mark.parametrize(("kept", "refunds", "transfers"), [(0, [21_800], []), (5_000, [16_350], [5_000])])
def test_cancelling_moves_what_was_read(
    cast: Cast, paid: Collaboration, kept: int, refunds: list[int], transfers: list[int]
) -> None:
    if kept:
        cancelling.begin(paid, by=cast.mina)

    cancelling.cancel_paid(paid, keeps_minor=kept, reason="We closed the shop.", by=cast.manager)

    assert (paid.state, paid.due_at) == ("cancelled", None)
    assert [row.total.minor for row in paid.hold.refunds.all()] == refunds
    assert [row.amount.minor for row in paid.hold.transfers.all()] == transfers
    paid.refresh_from_db()
    assert paid.kept_minor == kept
    assert Notice.objects.filter(user=cast.mina, kind="collaboration.cancel_paid").exists()
    assert Notice.objects.filter(user=cast.finance, kind="collaboration.cancel_paid").exists()
    assert not Strike.objects.exists()


def test_approved_work_is_paid_in_full(cast: Cast, paid: Collaboration) -> None:
    work.submit_work(paid, link="https://example.org/x", by=cast.mina)
    work.approve_work(paid, by=cast.manager)

    cancelling.cancel_paid(paid, keeps_minor=20_000, reason="No post, please.", by=cast.manager)

    assert paid.hold.refunds.count() == 0
    assert paid.hold.transfers.get().amount == Money(20_000, "EUR")


def test_another_amount_than_was_read_moves_nothing(cast: Cast, paid: Collaboration) -> None:
    cancelling.begin(paid, by=cast.mina)

    with pytest.raises(Conflict, match=r"50\.00"):
        cancelling.cancel_paid(paid, keeps_minor=0, reason="No.", by=cast.manager)

    assert Collaboration.objects.get().state == "in_production"
    assert Hold.objects.get().state == "secured"
    assert not Activity.objects.filter(verb="cancel_paid").exists()


def test_the_page_shows_the_amounts_and_after_a_change_the_new_ones(cast: Cast, paid: Collaboration) -> None:
    page, address = browser(cast.manager), f"{paid.get_absolute_url()}do/cancel_paid/"
    before = page.get(address).content.decode()
    cancelling.begin(paid, by=cast.mina)

    stale = page.post(address, {"reason": "No.", "keeps_minor": "0"})
    again = page.post(address, {"reason": "No.", "keeps_minor": "5000"})

    assert "218.00" in before
    assert stale.status_code == 409
    assert "163.50" in stale.content.decode()
    assert 'value="5000"' in stale.content.decode()
    assert again.status_code == 302


def test_todays_settings_do_not_change_a_signed_ladder(paid: Collaboration, settings: object) -> None:
    settings.KILL_FEE_BPS = {"waiting": 9_000}  # type: ignore[attr-defined]

    with time_machine.travel(timezone.now() + LATER):
        assert keeps(paid) == 2_000


def test_a_contract_without_a_ladder_gives_no_such_verb(cast: Cast, paid: Collaboration) -> None:
    del paid.contract["kill_fee"]
    paid.save()

    with pytest.raises(Conflict, match="does not say"):
        cancelling.kill_fee(paid)
    with pytest.raises(Conflict, match="does not say"):
        cancelling.cancel_paid(paid, keeps_minor=0, reason="No.", by=cast.manager)


def test_overdue_work_is_not_cancelled_at_a_price(cast: Cast, paid: Collaboration) -> None:
    assert paid.due_at is not None

    with time_machine.travel(paid.due_at + timedelta(hours=73)), pytest.raises(Conflict, match="everything back"):
        cancelling.cancel_paid(paid, keeps_minor=2_000, reason="Late.", by=cast.manager)


def test_the_budget_keeps_what_the_creator_kept(cast: Cast, paid: Collaboration) -> None:
    campaign, whole = paid.offer.campaign, budget.left(paid.offer.campaign)
    cancelling.begin(paid, by=cast.mina)
    cancelling.cancel_paid(paid, keeps_minor=5_000, reason="No.", by=cast.manager)

    assert budget.left(campaign) - whole == Money(16_350, "EUR")
    assert budget.paid(campaign) == Money(5_450, "EUR")
    assert budget.left_of([campaign]) == {campaign.pk: budget.left(campaign)}


def _refuse(kind: str, hold: Hold) -> None:
    """Stripe says no, as the bank's outbox would hear it; no call leaves the process."""
    sending.settle(Operation.objects.get(kind=kind, hold=hold), gateway.Refused("balance_insufficient", "No."))


@pytest.mark.parametrize("is_refund_refused", [False, True])
def test_a_refused_kill_fee_is_paid_again_and_nothing_else(
    cast: Cast, paid: Collaboration, is_refund_refused: bool
) -> None:
    paid.hold.payee.transfers_active, paid.hold.payee.stripe_account_id = True, "acct_mina"
    paid.hold.payee.save()
    cancelling.begin(paid, by=cast.mina)
    cancelling.cancel_paid(paid, keeps_minor=5_000, reason="We closed.", by=cast.manager)
    _refuse("transfer.create", paid.hold)
    if is_refund_refused:  # that is the business's money: it waits for a person, not for the creator
        _refuse("refund.create", paid.hold)

    with time_machine.travel(timezone.now() + clock.PAY_AGAIN_AFTER * 1.1):
        clock.pay_again()

    again = paid.hold.transfers.standing().get()
    assert (again.amount_minor, again.fee_minor) == (5_000, 450)
    assert Hold.objects.get().state == "releasing"
    assert paid.hold.refunds.count() == 1


def test_money_that_came_back_after_a_free_cancelling_is_not_the_creators(cast: Cast, paid: Collaboration) -> None:
    cancelling.cancel_paid(paid, keeps_minor=0, reason="We closed.", by=cast.manager)
    _refuse("refund.create", paid.hold)

    with time_machine.travel(timezone.now() + clock.PAY_AGAIN_AFTER * 1.1):
        clock.pay_again()

    assert Hold.objects.get().state == "secured"
    assert not paid.hold.transfers.exists()


@pytest.mark.parametrize(
    ("amount", "fee", "currency", "kept"),
    [(1, 100, "EUR", 0), (3, 100, "EUR", 1), (5_001, 450, "JPY", 1_250), (10_001, 900, "EUR", 2_500)],
)
def test_every_cent_goes_to_one_side(paid: Collaboration, amount: int, fee: int, currency: str, kept: int) -> None:
    paid.begun_at = timezone.now()
    left = Money(amount, currency), Money(fee, currency)

    owed = kill_fee(paid, left=left, secured_at=None, now=timezone.now())

    assert owed.keeps.minor == kept
    assert (owed.keeps + owed.back, owed.fee_kept + owed.fee_back) == left


def test_the_contract_prints_the_ladder() -> None:
    bps = {"waiting": 1_000, "begun": 1_250, "submitted": 5_000, "approved": 10_000}

    said = " ".join(lines(printed(free_hours=24, bps=bps)))

    assert [word for word in ("24 hours", "10 %", "12.5 %", "50 %", "100 %") if word not in said] == []
    assert percent(5) == "0.05 %"
