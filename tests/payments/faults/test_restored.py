"""The database is restored from an older backup: Stripe has done what our books have forgotten, and does it once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction

from marketplace.kit.money import Money
from payments import gateway, services
from payments.models import Hold, Operation, Transfer
from payments.settlement import inbox
from payments.states import HoldState, OperationState
from tests.payments.agreement import differences
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


@contextmanager
def forgotten() -> Iterator[None]:
    """What is written meanwhile is not in the backup; Stripe keeps it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def whole(hold: Hold) -> None:
    services.release(hold)


def part(hold: Hold) -> None:
    services.refund(hold, amount=Money(30_00, "EUR"), reason="agreed")


def moves(kind: str) -> list[int]:
    listed = gateway.call(f"{kind}.list", {"limit": 100}, key=None)
    assert isinstance(listed, gateway.Success)
    return [thing["amount"] for thing in listed.data["data"]]


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=2)], ids=["at once", "after Stripe forgot the key"])
@pytest.mark.parametrize(("decide", "kind", "amount"), [(whole, "transfer", 100_00), (part, "refund", 32_70)])
def test_what_is_decided_again_after_a_restoration_is_not_sent_again(
    bank: Bank, decide: Callable[[Hold], None], kind: str, amount: int, later: timedelta
) -> None:
    bank.reserve(Money(1_000_00, "EUR"))
    hold = bank.secured()
    with forgotten():
        decide(Hold.objects.get(pk=hold.pk))
        bank.settle_down()
    assert Operation.objects.filter(kind=f"{kind}.create").count() == 0
    bank.sandbox.control.advance(seconds=int(later.total_seconds()))

    decide(Hold.objects.get(pk=hold.pk))
    bank.settle_down()
    inbox.catch_up()
    bank.settle_down()

    assert moves(kind) == [amount]
    assert Operation.objects.get(kind=f"{kind}.create").state == OperationState.DONE
    assert differences(bank.sandbox) == []


def test_another_sum_than_the_forgotten_one_waits_for_a_person(bank: Bank) -> None:
    bank.reserve(Money(1_000_00, "EUR"))
    hold = bank.secured()
    with forgotten():
        part(Hold.objects.get(pk=hold.pk))
        bank.settle_down()

    services.refund(Hold.objects.get(pk=hold.pk), amount=Money(40_00, "EUR"), reason="agreed")
    bank.settle_down()

    operation = Operation.objects.get(kind="refund.create")
    assert (operation.state, moves("refund")) == (OperationState.PARKED, [32_70])
    assert "which our books do not know" in operation.outcome


def test_a_release_that_was_under_way_in_the_backup_is_sent_once(bank: Bank) -> None:
    hold = bank.secured()
    services.release(hold)
    with forgotten():
        bank.settle_down()
    assert Transfer.objects.get().state != "confirmed"

    bank.settle_down()

    assert moves("transfer") == [100_00]
    assert Hold.objects.get().state == HoldState.RELEASED
    assert differences(bank.sandbox) == []
