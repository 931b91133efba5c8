"""The database is restored from an older backup: Stripe has done what our books have forgotten, and does it once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction

from marketplace.kit.money import Money
from payments import gateway, services
from payments.models import Account, Claim, Hold, Operation, Reversal, Transfer
from payments.settlement import inbox
from payments.states import HoldState, OperationState
from tests.payments.agreement import differences
from tests.plugins.sandbox import PAGE, Bank

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


def test_what_was_taken_back_from_a_payee_is_not_taken_a_second_time(bank: Bank) -> None:
    bank.reserve(Money(1_000_00, "EUR"))
    hold = bank.released()
    bank.sandbox.control.settle()
    with forgotten():
        take_back(bank, hold, 30_00)

    take_back(bank, hold, 30_00)

    listed = gateway.call("transfer.list", {"limit": 100}, key=None)
    assert isinstance(listed, gateway.Success)
    assert [thing["amount_reversed"] for thing in listed.data["data"]] == [30_00]
    assert (Reversal.objects.get().state, Claim.objects.get().state) == ("confirmed", "recovered")
    assert moves("refund") == [32_70]
    assert differences(bank.sandbox) == []


def test_another_part_than_was_taken_back_waits_for_a_person(bank: Bank) -> None:
    bank.reserve(Money(1_000_00, "EUR"))
    hold = bank.released()
    bank.sandbox.control.settle()
    with forgotten():
        take_back(bank, hold, 30_00)

    take_back(bank, hold, 40_00)

    assert Operation.objects.get(kind="transfer_reversal.create").state == OperationState.PARKED
    assert moves("refund") == [32_70]


def take_back(bank: Bank, hold: Hold, minor: int) -> None:
    hold = Hold.objects.get(pk=hold.pk)
    services.take_back(hold, amount=Money(minor, "EUR"), reason="a post is gone", by=bank.admin())
    bank.settle_down()


def test_a_payee_has_one_account_at_stripe_after_a_restoration(bank: Bank) -> None:
    payee, ben = bank.payee(onboarded=False), bank.payee("Ben", onboarded=False)
    for one in (payee, ben):
        assert services.start_onboarding(one, return_url=PAGE, refresh_url=PAGE)
    theirs = payee.stripe_account_id
    Operation.objects.all().delete()  # a page cannot be asked for inside a transaction, so it is forgotten like this
    Account.objects.update(stripe_account_id=None)

    payee.refresh_from_db()
    assert services.start_onboarding(payee, return_url=PAGE, refresh_url=PAGE)

    payee.refresh_from_db()
    assert payee.stripe_account_id == theirs
    assert bank.sandbox.control.state()["things"]["account"] == 2


def test_try_again_now_does_not_send_what_the_books_have_forgotten_until_a_person_says_it_is_another(
    bank: Bank,
) -> None:
    bank.reserve(Money(1_000_00, "EUR"))
    hold = bank.secured()
    with forgotten():
        part(Hold.objects.get(pk=hold.pk))
        bank.settle_down()
    services.refund(Hold.objects.get(pk=hold.pk), amount=Money(40_00, "EUR"), reason="agreed")
    bank.settle_down()
    parked = Operation.objects.get(kind="refund.create")

    services.retry_operation(parked, reason="it is only a button", by=bank.admin())
    bank.settle_down()
    parked.refresh_from_db()
    after_the_button = (parked.state, moves("refund"))
    take_the_mark_off(bank)  # the runbook's way, in Stripe's dashboard
    services.retry_operation(parked, reason="it is due besides the forgotten one", by=bank.admin())
    bank.settle_down()

    parked.refresh_from_db()
    assert after_the_button == (OperationState.PARKED, [32_70])
    assert (parked.state, moves("refund")) == (OperationState.DONE, [43_60, 32_70])


def take_the_mark_off(bank: Bank) -> None:
    world = bank.sandbox.engine.world
    ((_, made),) = world.store.newest("refund", "")
    world.save({**made, "metadata": {}})


def test_a_forgotten_transfer_that_was_undone_by_hand_is_made_again(bank: Bank) -> None:
    hold = bank.secured()
    with forgotten():
        services.refund(Hold.objects.get(pk=hold.pk), amount=Money(30_00, "EUR"), reason="agreed")
        whole(Hold.objects.get(pk=hold.pk))
        bank.settle_down()
        made = Transfer.objects.get().stripe_id
    bank.sandbox.control.settle()
    undone = gateway.call("transfer_reversal.create", {"id": made}, key="by hand")
    assert isinstance(undone, gateway.Success)

    whole(Hold.objects.get(pk=hold.pk))
    bank.settle_down()

    assert moves("transfer") == [100_00, 70_00]
    assert Hold.objects.get().state == HoldState.RELEASED
