"""The smallest and the largest, no fee, no decimals, the wrong key, the wrong mode."""

import json
import time
from functools import partial
from typing import Any

import pytest
from django.core.checks import run_checks

from marketplace.kit.errors import Invalid
from marketplace.kit.money import LARGEST_MINOR, Money
from payments import services
from payments.models import Bookmark, Entry, Hold, Operation, StripeEvent
from payments.sandbox.webhooks import sign
from payments.settlement import inbox, sending
from payments.states import Chart, HoldState, OperationState
from tests.payments.agreement import differences
from tests.plugins.sandbox import PAGE, Bank

pytestmark = pytest.mark.django_db


def test_one_cent_without_a_fee_is_refused_where_it_is_agreed(bank: Bank, settings: Any) -> None:
    settings.PLATFORM_FEE_BPS = 0

    with pytest.raises(Invalid) as refusal:
        bank.hold(Money(1, "EUR"))

    assert refusal.value.code == "amount_too_small"
    assert refusal.value.fields["amount"] == ["A payment must be at least €0.50, with the fee."]
    assert (Hold.objects.count(), Operation.objects.filter(kind="checkout_session.create").count()) == (0, 0)


def test_one_cent_is_paid_when_the_fee_makes_it_enough(bank: Bank) -> None:
    hold = bank.released(Money(1, "EUR"))

    assert hold.state == HoldState.RELEASED
    assert differences(bank.sandbox) == []


def test_the_smallest_payment_that_stripe_takes_goes_all_the_way(bank: Bank, settings: Any) -> None:
    settings.PLATFORM_FEE_BPS = 0

    hold = bank.released(Money(50, "EUR"))

    assert hold.state == HoldState.RELEASED
    assert not Entry.objects.filter(chart=Chart.PLATFORM_FEE).exists()
    assert differences(bank.sandbox) == []


def test_the_largest_payment_goes_all_the_way_and_a_cent_more_is_refused(bank: Bank, settings: Any) -> None:
    settings.PLATFORM_FEE_BPS = 0
    hold = bank.released(Money(LARGEST_MINOR, "EUR"))
    bank.paid_out(hold.payee)

    with pytest.raises(Invalid) as refusal:
        bank.hold(Money(LARGEST_MINOR + 1, "EUR"))

    assert refusal.value.code == "amount_too_large"
    assert differences(bank.sandbox) == []


def test_a_currency_without_decimals_agrees_to_the_yen(bank: Bank) -> None:
    hold = bank.secured(Money(15_000, "JPY"))
    services.refund(hold, amount=Money(4_999, "JPY"), reason="agreed")
    bank.settle_down()
    services.release(hold)
    bank.settle_down()

    assert Hold.objects.get().state == HoldState.RELEASED
    assert differences(bank.sandbox) == []


@pytest.mark.parametrize("key", ["sk_live_51Goodword", "rk_live_51Goodword", "sk_test", ""])
def test_with_the_wrong_key_nothing_is_sent_and_everything_waits_for_a_person(
    bank: Bank, settings: Any, key: str
) -> None:
    hold = bank.secured()
    right, asked = settings.STRIPE_SECRET_KEY, len(bank.sandbox.journal)
    settings.STRIPE_SECRET_KEY = key

    services.release(hold)
    sending.run_due()

    operation = Operation.objects.get(kind="transfer.create")
    assert operation.state == OperationState.PARKED
    assert len(bank.sandbox.journal) == asked
    settings.STRIPE_SECRET_KEY = right
    assert Hold.objects.get().state == HoldState.RELEASING
    assert differences(bank.sandbox) == []


@pytest.mark.parametrize("kind", ["transfer", "refund"])
def test_what_exists_in_the_other_mode_only_is_no_refusal(bank: Bank, kind: str) -> None:
    hold = bank.secured()
    bank.sandbox.control.fault(route=f"POST /v1/{kind}s", kind="other_mode", count=1)
    (services.release if kind == "transfer" else partial(services.refund, reason="agreed"))(hold)

    bank.settle_down()

    assert Operation.objects.get(kind=f"{kind}.create").state == OperationState.PARKED
    assert Hold.objects.get().state == {"transfer": HoldState.RELEASING, "refund": HoldState.REFUNDING}[kind]
    assert differences(bank.sandbox) == []


def test_the_list_of_the_other_mode_is_not_taken_for_ours(bank: Bank) -> None:
    bank.secured()
    inbox.catch_up()
    StripeEvent.objects.update(payload={"livemode": True})
    read, asked = list(Bookmark.objects.values_list("read_until", flat=True)), len(bank.sandbox.journal)

    assert inbox.catch_up() == 0

    assert list(Bookmark.objects.values_list("read_until", flat=True)) == read
    assert len(bank.sandbox.journal) == asked


@pytest.mark.parametrize(("key", "found"), [("sk_test_sandbox", []), ("sk_" + "live_1", ["goodword.E003"])])
def test_books_of_test_money_are_not_opened_with_a_live_key(
    bank: Bank, settings: Any, key: str, found: list[str]
) -> None:
    before = run_checks(tags=["database"], databases=["default"])
    bank.secured()
    settings.STRIPE_SECRET_KEY = key

    messages = run_checks(tags=["database"], databases=["default"])

    assert [one.id for one in messages] == found
    assert before == []


@pytest.mark.parametrize(("key", "livemode"), [("sk_test_1", True), ("sk_live_1", False), ("rk_live_1", False)])
def test_news_of_the_other_mode_is_turned_away(bank: Bank, settings: Any, key: str, livemode: bool) -> None:
    settings.STRIPE_SECRET_KEY = key
    event = {"id": "evt_1", "object": "event", "type": "transfer.created", "created": int(time.time()),
             "livemode": livemode, "data": {"object": {"id": "tr_1", "metadata": {}}}}  # fmt: skip
    body = json.dumps(event).encode()

    assert bank.post("platform", body, sign(body, "whsec_platform", int(time.time()))) == 400

    assert StripeEvent.objects.count() == 0


def test_a_checkout_for_the_smallest_amount_opens(bank: Bank, settings: Any) -> None:
    settings.PLATFORM_FEE_BPS = 0

    hold = bank.hold(Money(50, "EUR"))

    assert services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)
