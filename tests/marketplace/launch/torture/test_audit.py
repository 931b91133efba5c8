"""What the torture counts in the end: it would see what is lost, paid twice, stuck, or does not agree."""

import pytest

from marketplace.launch.torture import audit
from payments import gateway, ledger, services
from payments.states import Chart
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def test_a_bank_in_order_has_nothing_to_complain_about(bank: Bank) -> None:
    bank.paid_out(bank.released().payee)

    found = audit.figures(reserve_minor=0)

    assert audit.is_settled()
    assert (found["created"], found["released"], found["payouts"], found["paid_out"]) == (1, 1, 1, {"EUR": 100_00})
    assert (found["lost"], found["paid_twice"], found["stuck"]) == (0, 0, 0)
    assert (found["difference"], found["payees_difference"]) == ({"EUR": 0}, 0)


def test_a_payment_we_never_heard_of_is_lost(bank: Bank) -> None:
    bank.pay(bank.hold())

    assert audit.lost() == 1
    assert audit.difference("EUR", 0) == -107_11
    assert not audit.is_settled()


def test_a_second_transfer_is_paid_twice(bank: Bank) -> None:
    hold = bank.released()
    operation = hold.transfers.get().operation
    assert operation is not None
    bank.sandbox.control.add_funds(amount=100_00, currency="eur")
    wanted = {name: value for name, value in operation.params.items() if name != "source_transaction"}

    assert audit.paid_twice() == 0
    assert isinstance(gateway.call("transfer.create", wanted, key="again"), gateway.Success)

    assert audit.paid_twice() > 0
    assert audit.lost() == 1
    assert audit.payee_difference(hold.payee) == -100_00


def test_what_was_asked_and_not_answered_is_stuck(bank: Bank) -> None:
    services.release(bank.secured())

    assert audit.stuck() == 2  # the hold and its operation
    assert ledger.balance(Chart.TRANSIT, "EUR").minor == -100_00
