"""Work that two payments into a wallet paid for: which of them pays the payee while neither has settled."""

import pytest

from marketplace.kit.money import Money
from payments import services
from payments.models import Hold
from payments.states import HoldState
from tests.payments.agreement import differences
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def drawn_on_two(bank: Bank, first: Money) -> Hold:
    """A hold over 109.00, paid by all of a first payment and the rest by a second; neither has settled."""
    wallet = bank.filled_wallet(first)
    bank.fill(wallet, euros(200_00))
    return services.draw(wallet, bank.hold(payer=wallet.payer))


def test_one_of_two_pending_payments_pays_for_a_release_when_it_can(bank: Bank) -> None:
    hold = drawn_on_two(bank, euros(5_00))

    services.release(hold)
    bank.settle_down()

    hold.refresh_from_db()
    second = hold.draws.order_by("-pk")[0].checkout
    assert hold.state == HoldState.RELEASED
    assert hold.transfers.get().operation.params["source_transaction"] == second.charge  # type: ignore[union-attr]
    assert differences(bank.sandbox) == []


def test_a_release_that_takes_two_pending_payments_goes_out_once_they_have_settled(bank: Bank) -> None:
    hold = drawn_on_two(bank, euros(40_00))
    services.release(hold)
    bank.settle_down()
    before = Hold.objects.get().state

    bank.sandbox.control.settle()
    services.release(hold)
    bank.settle_down()

    hold.refresh_from_db()
    assert (before, hold.state) == (HoldState.SECURED, HoldState.RELEASED)
    assert differences(bank.sandbox) == []


def test_two_parts_of_a_crew_never_name_one_payment_for_more_than_it_paid(bank: Bank) -> None:
    wallet = bank.filled_wallet(euros(40_00))
    bank.fill(wallet, euros(200_00))
    hold = bank.hold_for_crew([(bank.payee(name), 1) for name in ("Mina", "Jo")])
    Hold.objects.filter(pk=hold.pk).update(payer=wallet.payer)
    hold.refresh_from_db()
    services.draw(wallet, hold)

    services.release(hold)
    bank.settle_down()

    second = hold.draws.order_by("-pk")[0].checkout
    sources = [one.operation.params.get("source_transaction") for one in hold.transfers.order_by("pk") if one.operation]
    assert sources == [second.charge, None]  # 69.00 of it pay for 50.00 once
