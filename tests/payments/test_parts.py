"""Money that goes to several places: part to the payee and part back, or to every member of a crew."""

import pytest

from marketplace.kit.errors import Invalid
from marketplace.kit.money import Money
from marketplace.users.models import User
from payments import ledger, reads, services
from payments.models import Hold, Refund, Transfer
from payments.states import Chart, HoldState, RefundState, TransferState
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def test_a_refund_waits_while_our_balance_is_short(bank: Bank) -> None:
    bank.sandbox.control.set_overdraft(units=0)
    hold = bank.hold()
    bank.pay(hold)
    services.expire_hold(hold)
    bank.settle_down()  # 107.11 arrived, 109.00 go back
    waiting = Refund.objects.get()
    before = (waiting.state, ledger.held(Chart.REFUNDING, hold.public_id, "EUR"), waiting.stripe_id is None)

    bank.sandbox.control.add_funds(amount=2_00, currency="eur")
    bank.sandbox.control.settle()
    bank.settle_down()

    waiting.refresh_from_db()
    assert before == (RefundState.SENDING, Money(109_00, "EUR"), False)
    assert waiting.state == RefundState.SUCCEEDED
    assert ledger.held(Chart.REFUNDING, hold.public_id, "EUR") == Money(0, "EUR")


def test_a_payee_is_paid_a_part_and_the_payer_gets_the_rest(bank: Bank) -> None:
    hold = bank.secured()

    services.divide(hold, to_payee=Money(30_00, "EUR"), reason="called off")
    bank.settle_down()

    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED
    assert hold.transfers.get().amount == Money(30_00, "EUR")
    assert hold.refunds.get().total == Money(76_30, "EUR")
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == Money(0, "EUR")


@pytest.mark.parametrize(("part", "transfers", "refunds"), [(0, 0, 1), (100_00, 1, 0)])
def test_dividing_at_the_ends_is_a_refund_or_a_release(bank: Bank, part: int, transfers: int, refunds: int) -> None:
    hold = bank.secured()

    services.divide(hold, to_payee=Money(part, "EUR"), reason="called off")
    bank.settle_down()

    assert (hold.transfers.count(), hold.refunds.count()) == (transfers, refunds)
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == Money(0, "EUR")


@pytest.mark.parametrize("part", [Money(-1, "EUR"), Money(100_01, "EUR"), Money(1_00, "USD")])
def test_a_share_out_of_range_changes_nothing(bank: Bank, part: Money) -> None:
    hold = bank.secured()

    with pytest.raises(Invalid):
        services.divide(hold, to_payee=part, reason="called off")

    hold.refresh_from_db()
    assert hold.state == HoldState.SECURED
    assert not hold.transfers.exists()


def test_a_refund_that_failed_beside_a_release_is_tried_again(bank: Bank) -> None:
    hold = bank.secured()
    services.divide(hold, to_payee=Money(30_00, "EUR"), reason="called off")
    bank.settle_down()
    bank.sandbox.control.fail_refund(refund=hold.refunds.get().stripe_id)
    bank.settle_down()

    somebody = User.objects.create_user("a@b.example")
    services.refund_again(hold.refunds.get(), reason="the payer has a new card", by=somebody)
    bank.settle_down()

    assert sorted(hold.refunds.values_list("state", flat=True)) == ["failed", "succeeded"]
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == Money(0, "EUR")


def crew(bank: Bank, *names: str) -> Hold:
    """A paid hold for these payees, in equal shares."""
    hold = bank.hold_for_crew([(bank.payee(name), 1) for name in names])
    bank.pay(hold)
    bank.settle_down()
    hold.refresh_from_db()
    return hold


def test_one_release_pays_everybody_in_a_crew(bank: Bank) -> None:
    hold = crew(bank, "Mina", "Jo", "Ada")

    services.release(hold)
    bank.settle_down()

    hold.refresh_from_db()
    paid = {one.payee.name: one.amount for one in hold.transfers.all()}
    assert paid == {"Mina": euros(33_34), "Jo": euros(33_33), "Ada": euros(33_33)}
    assert hold.state == HoldState.RELEASED


def test_what_was_refused_of_a_part_goes_out_again_and_the_rest_stays_the_payers(bank: Bank) -> None:
    hold = crew(bank, "Mina", "Jo")
    earned = euros(50_00), euros(4_50)
    services.divide(hold, to_payee=earned[0], reason="called off")
    bank.sandbox.control.fault(route="POST /v1/transfers", kind="400", count=1)
    bank.sandbox.control.fault(route="POST /v1/refunds", kind="400", count=1)
    bank.settle_down()

    services.release(hold, earned=earned)
    bank.settle_down()

    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED
    assert sorted(one.amount.minor for one in hold.transfers.standing()) == [25_00, 25_00]
    assert ledger.balance(Chart.PLATFORM_FEE, "EUR") == -earned[1]
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == euros(54_50)


def test_a_member_who_cannot_receive_yet_holds_up_nobody_else(bank: Bank) -> None:
    late = bank.payee("Jo", onboarded=False)
    hold = bank.hold_for_crew([(bank.payee("Mina"), 1), (late, 1)])
    bank.pay(hold)
    bank.settle_down()

    services.release(hold)
    bank.settle_down()
    states = dict(hold.transfers.values_list("payee__name", "state"))
    bank.onboard(late)
    bank.settle_down()

    hold.refresh_from_db()
    assert states == {"Mina": TransferState.CONFIRMED, "Jo": TransferState.WAITING}
    assert hold.state == HoldState.RELEASED
    assert reads.earnings(late).available == euros(50_00)


def test_a_share_that_was_refused_is_released_again_alone(bank: Bank) -> None:
    hold = crew(bank, "Mina", "Jo")
    bank.sandbox.control.fault(route="POST /v1/transfers", kind="400", count=1)
    services.release(hold)
    bank.settle_down()
    hold.refresh_from_db()
    left = (hold.state, hold.left()[0])

    services.release(hold)
    bank.settle_down()

    hold.refresh_from_db()
    assert left == (HoldState.SECURED, euros(50_00))
    assert hold.state == HoldState.RELEASED
    assert Transfer.objects.filter(state=TransferState.CONFIRMED).count() == 2
    assert ledger.balance(Chart.PLATFORM_FEE, "EUR") == euros(-9_00)
    assert bank.sandbox.control.state()["things"]["transfer"] == 2


def test_everybody_in_a_crew_sees_their_own_share(bank: Bank) -> None:
    hold = crew(bank, "Mina", "Jo")
    mina, jo = (share.payee for share in hold.shares.all())
    services.refund(hold, amount=euros(50_01), reason="half of it fell away")
    before = [reads.earnings(one).secured for one in (mina, jo)]

    services.release(hold)
    bank.settle_down()

    assert before == [euros(25_00), euros(24_99)]
    assert [reads.earnings(one).available for one in (mina, jo)] == before
    assert "Released to Jo" in [line.text for line in reads.story(hold)]


def test_shares_must_name_the_payee_first_and_leave_something_for_everybody(bank: Bank) -> None:
    mina, jo = bank.payee("Mina"), bank.payee("Jo")
    wrong = [[(jo, 1)], [(mina, 1), (bank.payer(), 1)], [(mina, 10**6), (jo, 1)]]

    for shares in wrong:
        with pytest.raises(Invalid):
            services.open_hold(
                payer=bank.payer(), payee=mina, amount=euros(10_00), reference="x", description="y",
                due_at=bank.hold().due_at, shares=shares,
            )  # fmt: skip

    assert not Hold.objects.filter(reference="x").exists()
