"""Refunds that Stripe refuses or a bank sends back: where the money is then, and how it is tried once more."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from payments import ledger, services
from payments.models import Hold, Refund
from payments.states import Chart, HoldState, RefundState
from tests.payments.agreement import broken_rules
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db
REFUNDS, TRANSFERS = "POST /v1/refunds", "POST /v1/transfers"


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def divided(bank: Bank, *refused: str) -> Hold:
    """A kill fee of 25.00 of 100.00, with Stripe saying no to these requests once."""
    bank.reserve(euros(1_000_00))
    hold = bank.secured()
    for route in refused:
        bank.sandbox.control.fault(route=route, kind="400", count=1)
    services.divide(hold, to_payee=euros(25_00), reason="kill fee")
    bank.settle_down()
    hold.refresh_from_db()
    return hold


def again(bank: Bank, hold: Hold) -> None:
    failed = hold.refunds.get(state__in=[RefundState.REFUSED, RefundState.FAILED])
    services.refund_again(failed, reason="the bank was mistaken", by=bank.admin())
    bank.settle_down()
    hold.refresh_from_db()


def test_a_refund_refused_beside_a_kill_fee_does_not_hold_up_the_release(bank: Bank) -> None:
    hold = divided(bank, REFUNDS)
    before = (hold.state, broken_rules())

    again(bank, hold)

    assert before == (HoldState.RELEASED, ["refund_is_not_left_open"])
    assert (hold.state, broken_rules()) == (HoldState.RELEASED, [])
    assert sorted(hold.refunds.values_list("state", flat=True)) == ["refused", "succeeded"]
    assert ledger.held(Chart.HOLD, hold.public_id, "EUR") == euros(0)


def test_a_refund_and_a_kill_fee_both_refused_are_both_made_again(bank: Bank) -> None:
    hold = divided(bank, REFUNDS, TRANSFERS)
    before = hold.state

    again(bank, hold)
    services.release(hold)
    bank.settle_down()

    hold.refresh_from_db()
    assert (before, hold.state, broken_rules()) == (HoldState.SECURED, HoldState.RELEASED, [])
    assert hold.transfers.get(state="confirmed").amount == euros(25_00)


def test_a_refund_under_way_refused_after_the_rest_was_released_is_still_owed(bank: Bank) -> None:
    bank.reserve(euros(1_000_00))
    hold = bank.secured()
    bank.sandbox.control.fault(route=REFUNDS, kind="400", count=1)
    services.refund(hold, amount=euros(30_00), reason="a part fell away")
    services.release(hold)
    bank.settle_down()
    hold.refresh_from_db()
    before = hold.state

    again(bank, hold)

    assert (before, hold.state, broken_rules()) == (HoldState.RELEASED, HoldState.RELEASED, [])
    assert hold.transfers.get().amount == euros(70_00)


def test_a_payment_is_refunded_only_when_the_last_of_its_refunds_is(bank: Bank) -> None:
    bank.sandbox.control.set_overdraft(units=0)
    hold = bank.secured()
    bank.sandbox.control.settle()
    part = services.refund(hold, amount=euros(99_00), reason="most of it")
    bank.settle_down()  # Stripe waits with it: 107.11 came, 107.91 go
    services.refund(hold, reason="the rest, too")
    bank.settle_down()
    hold.refresh_from_db()
    during = (list(hold.refunds.order_by("pk").values_list("state", flat=True)), hold.state, broken_rules())

    bank.sandbox.control.add_funds(amount=20_00, currency="eur")
    bank.sandbox.control.settle()
    bank.settle_down()

    part.refresh_from_db()
    hold.refresh_from_db()
    assert during == (["sending", "succeeded"], HoldState.REFUNDING, [])
    assert (hold.state, part.state) == (HoldState.REFUNDED, RefundState.SUCCEEDED)


def failed_part(bank: Bank) -> Refund:
    """30.00 and their fee came back from the payer's bank; the rest is secured."""
    bank.reserve(euros(1_000_00))
    made = services.refund(bank.secured(), amount=euros(30_00), reason="a part fell away")
    return come_back(bank, made)


def come_back(bank: Bank, made: Refund) -> Refund:
    bank.settle_down()
    made.refresh_from_db()
    bank.sandbox.control.fail_refund(refund=made.stripe_id)
    bank.settle_down()
    return Refund.objects.get(pk=made.pk)


def test_a_refund_that_failed_is_tried_again_once(bank: Bank) -> None:
    failed = failed_part(bank)
    made = services.refund_again(failed, reason="the card was lost", by=bank.admin())
    bank.settle_down()

    with pytest.raises(Conflict) as refusal:
        services.refund_again(failed, reason="the card was lost", by=bank.admin())

    hold = Hold.objects.get()
    assert refusal.value.code == "tried_again_already"
    assert (made.again_of, hold.refunds.standing().get(), broken_rules()) == (failed, made, [])
    assert hold.left() == (euros(70_00), euros(6_30))


def test_the_second_try_may_fail_and_be_tried_again_itself(bank: Bank) -> None:
    failed = failed_part(bank)
    second = come_back(bank, services.refund_again(failed, reason="the card was lost", by=bank.admin()))

    third = services.refund_again(second, reason="the account is open again", by=bank.admin())
    bank.settle_down()

    assert (third.again_of, broken_rules()) == (second, [])
    assert Hold.objects.get().left()[0] == euros(70_00)


def test_the_database_refuses_a_second_try_of_the_same_refund(bank: Bank) -> None:
    failed = failed_part(bank)
    services.refund_again(failed, reason="the card was lost", by=bank.admin())
    bank.settle_down()
    other = services.refund(Hold.objects.get(), amount=euros(30_00), reason="more fell away")

    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.filter(pk=other.pk).update(again_of=failed)


def test_nothing_is_refunded_again_out_of_a_frozen_hold(bank: Bank) -> None:
    failed = failed_part(bank)
    hold = services.freeze(Hold.objects.get())

    with pytest.raises(Conflict):
        services.refund_again(failed, reason="the card was lost", by=bank.admin())

    assert (hold.state, hold.left()[0]) == (HoldState.FROZEN, euros(100_00))
    assert list(hold.refunds.all()) == [failed]


def test_nothing_is_refunded_again_out_of_a_disputed_hold(bank: Bank) -> None:
    failed = failed_part(bank)
    hold = Hold.objects.get()
    bank.sandbox.control.open_dispute(charge=hold.checkouts.get().charge)
    bank.settle_down()

    with pytest.raises(Conflict):
        services.refund_again(failed, reason="the card was lost", by=bank.admin())

    hold.refresh_from_db()
    assert (hold.state, list(hold.refunds.all())) == (HoldState.DISPUTED, [failed])


def test_nothing_is_refunded_again_once_its_money_was_released(bank: Bank) -> None:
    failed = failed_part(bank)
    services.release(Hold.objects.get())
    bank.settle_down()

    with pytest.raises(Conflict) as refusal:
        services.refund_again(failed, reason="the card was lost", by=bank.admin())

    assert (refusal.value.code, broken_rules()) == ("nothing_left", [])


def test_the_migration_names_second_tries_and_ends_releases_that_waited(bank: Bank) -> None:
    migration = import_module("payments.migrations.0011_refund_again_once")
    failed = failed_part(bank)
    made = services.refund_again(failed, reason="the card was lost", by=bank.admin())
    bank.settle_down()
    Refund.objects.update(again_of=None)
    stuck = divided(bank, REFUNDS)
    Hold.objects.filter(pk=stuck.pk).update(state=HoldState.RELEASING, closed_at=None)
    services.release(Hold.objects.get(refunds=made))

    with connection.cursor() as cursor:
        cursor.execute(migration.NAME_SECOND_TRIES + migration.END_RELEASES)

    made.refresh_from_db()
    stuck.refresh_from_db()
    assert (made.again_of, stuck.state) == (failed, HoldState.RELEASED)
    assert Hold.objects.get(refunds=made).state == HoldState.RELEASING
    assert broken_rules() == ["refund_is_not_left_open"]
