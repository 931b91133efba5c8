"""News from Stripe: forged, repeated, at the wrong door, too early, out of order, lost."""

import itertools
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from marketplace.kit.money import Money
from payments import clock, ledger, reads, services
from payments.models import Bookmark, Hold, Posting, StripeEvent
from payments.sandbox.webhooks import sign
from payments.settlement import inbox, sending
from payments.settlement.readers import READERS, Reader
from payments.states import Chart, EventState, HoldState
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db

PLATFORM_SECRET, CONNECT_SECRET = "whsec_platform", "whsec_connect"


def letter(**changes: Any) -> bytes:
    event = {
        "id": "evt_made_up", "object": "event", "type": "transfer.created", "created": int(time.time()),
        "livemode": False, "data": {"object": {"id": "tr_made_up", "metadata": {}}},
    }  # fmt: skip
    return json.dumps({**event, **changes}).encode()


def signed(body: bytes, secret: str = PLATFORM_SECRET, at: float | None = None) -> str:
    return sign(body, secret, int(at or time.time()))


def test_news_with_the_right_signature_is_kept(bank: Bank) -> None:
    body = letter()

    assert bank.post("platform", body, signed(body)) == 200

    event = StripeEvent.objects.get()
    assert (event.event_id, event.kind, event.state) == ("evt_made_up", "transfer.created", EventState.RECEIVED)


@pytest.mark.parametrize(
    ("endpoint", "body", "sign_it"),
    [
        ("platform", letter(), lambda body: ""),
        ("platform", letter(), lambda body: "t=1,v1=00"),
        ("platform", letter(), lambda body: signed(body, "whsec_of_somebody_else")),
        ("platform", letter(), lambda body: signed(letter(id="evt_other"))),
        ("platform", letter(), lambda body: signed(body, at=time.time() - 400)),
        ("platform", letter(), lambda body: signed(body, at=time.time() + 400)),
        ("connect", letter(), lambda body: signed(body, PLATFORM_SECRET)),
        ("connect", letter(), lambda body: signed(body, CONNECT_SECRET)),
        ("platform", letter(account="acct_1"), signed),
        ("platform", letter(livemode=True), signed),
        ("platform", letter(data=None), signed),
        ("platform", letter(created="now"), signed),
        ("platform", b"[]", signed),
        ("platform", b"\x00\xff", signed),
        ("platform", b"[" * 5000, signed),
        ("platform", letter(created=99_999_999_999_999), signed),
        ("platform", letter(created=-1), signed),
        ("platform", letter(id="evt_" + "x" * 300), signed),
    ],
    ids=range(18),
)
def test_forged_stale_or_misdirected_news_is_refused(
    bank: Bank, endpoint: str, body: bytes, sign_it: Callable[[bytes], str]
) -> None:
    assert bank.post(endpoint, body, sign_it(body)) == 400

    assert StripeEvent.objects.count() == 0


def test_without_a_secret_nothing_is_believed(bank: Bank, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRET = ""
    body = letter()

    assert bank.post("platform", body, signed(body, "")) == 400


def test_news_with_a_nul_is_kept_without_it(bank: Bank) -> None:
    body = letter(type="customer.created", data={"object": {"id": "cus_1", "name": "a\x00b"}})

    assert bank.post("platform", body, signed(body)) == 200

    assert StripeEvent.objects.get().payload["data"]["object"]["name"] == "ab"


@pytest.mark.parametrize("name", ["back\\u0000slash", "half \ud800 a pair", "a\x00b"])
def test_news_with_letters_that_the_database_cannot_hold_is_kept(bank: Bank, name: str) -> None:
    body = letter(type="customer.created", data={"object": {"id": "cus_1", "name": name}})

    assert bank.post("platform", body, signed(body)) == 200

    kept = StripeEvent.objects.get().payload["data"]["object"]["name"]
    assert kept == name.replace("\x00", "").replace("\ud800", "")


def test_an_event_that_breaks_holds_up_nobody_and_is_parked_in_the_end(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any) -> None:
        raise OverflowError("date value out of range")

    hold = bank.hold()
    monkeypatch.setitem(READERS, "customer.created", Reader(breaks))
    inbox.store(json.loads(letter(type="customer.created", data={"object": {"id": "cus_1"}})))
    bank.pay(hold)

    bank.deliver()
    clock.sweep()

    hold.refresh_from_db()
    broken = StripeEvent.objects.get(event_id="evt_made_up")
    assert hold.state == HoldState.SECURED
    assert (broken.state, broken.outcome) == (EventState.RECEIVED, "broke: OverflowError('date value out of range')")
    StripeEvent.objects.filter(pk=broken.pk).update(tries=inbox.PATIENCE, next_try_at=timezone.now())
    clock.sweep()
    broken.refresh_from_db()
    assert broken.state == EventState.PARKED


def test_repeated_news_counts_once(bank: Bank) -> None:
    bank.sandbox.control.set_webhooks(duplicate=2)

    hold = bank.secured()

    assert hold.state == HoldState.SECURED
    assert Posting.objects.filter(hold=hold).count() == 1
    assert StripeEvent.objects.filter(kind="checkout.session.completed").count() == 1


def test_an_event_read_again_changes_nothing(bank: Bank) -> None:
    hold = bank.released()
    before = ledger.trial_balance("EUR")
    StripeEvent.objects.update(state=EventState.RECEIVED, next_try_at=timezone.now())

    bank.settle_down()

    hold.refresh_from_db()
    assert ledger.trial_balance("EUR") == before
    assert hold.state == HoldState.RELEASED


def test_news_about_something_unknown_waits_and_is_parked_in_the_end(bank: Bank) -> None:
    gone: dict[str, Any] = {"object": {"id": "cs_unknown", "payment_intent": None, "metadata": {}}}
    inbox.store(json.loads(letter(type="checkout.session.async_payment_failed", data=gone)))
    event = StripeEvent.objects.get()

    inbox.read(event.pk)
    event.refresh_from_db()
    assert (event.state, event.tries) == (EventState.RECEIVED, 1)
    assert event.next_try_at > timezone.now()

    StripeEvent.objects.update(tries=inbox.PATIENCE, next_try_at=timezone.now())
    inbox.read(event.pk)
    event.refresh_from_db()
    assert event.state == EventState.PARKED


def test_news_of_no_interest_is_put_away(bank: Bank) -> None:
    inbox.store(json.loads(letter(type="customer.created")))

    inbox.read_due()

    assert StripeEvent.objects.get().state == EventState.IGNORED


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_payout_news_in_any_order_ends_alike(bank: Bank, order: tuple[int, ...]) -> None:
    hold = bank.released()
    bank.sandbox.control.settle()
    payout = services.request_payout(hold.payee)
    sending.run_due()
    payout.refresh_from_db()
    bank.sandbox.control.pay_payout(payout=payout.stripe_id)
    bank.sandbox.control.fail_payout(payout=payout.stripe_id)
    bank.sandbox.deliver()
    news = [letter for letter in bank.letters if b'"payout.' in letter[1]]
    assert len(news) == 3

    for place in order:
        assert bank.post(*news[place]) == 200
        inbox.read_due()

    payout.refresh_from_db()
    assert payout.state == "failed"
    assert reads.earnings(hold.payee).available == Money(100_00, "EUR")
    assert reads.earnings(hold.payee).paid_out == Money(0, "EUR")


def test_lost_news_is_caught_up(bank: Bank) -> None:
    bank.sandbox.control.set_webhooks(drop=True)
    hold = bank.hold()
    bank.pay(hold)
    bank.sandbox.deliver()
    assert bank.letters == []

    clock.catch_up()

    hold.refresh_from_db()
    assert hold.state == HoldState.SECURED


def test_news_that_was_lost_long_before_newer_news_came_is_caught_up(bank: Bank) -> None:
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=UTC), tick=False) as now:
        hold, other = bank.hold(), bank.hold()
        clock.catch_up()
        bank.pay(hold)
        bank.sandbox.deliver()
        bank.letters.clear()
        now.shift(timedelta(hours=5))
        bank.pay(other)
        bank.settle_down()
        hold.refresh_from_db()
        assert hold.state == HoldState.AWAITING_PAYMENT

        clock.catch_up()

    hold.refresh_from_db()
    assert hold.state == HoldState.SECURED


def test_a_list_that_broke_off_is_read_again_from_the_same_place(bank: Bank) -> None:
    clock.catch_up()
    read_until = Bookmark.objects.get(acts_as="").read_until
    bank.sandbox.control.fault(route="GET /v1/events", kind="500", count=1)

    clock.catch_up()

    assert Bookmark.objects.get(acts_as="").read_until == read_until


def test_a_lost_answer_is_healed_by_the_news(bank: Bank) -> None:
    hold = bank.secured()
    bank.sandbox.control.fault(route="POST /v1/transfers", kind="cut", count=1, after=True)
    services.release(hold)

    bank.settle_down()

    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED
    assert ledger.held(Chart.MEMO_CONNECTED, hold.payee.public_id, "EUR") == Money(100_00, "EUR")
    assert Hold.objects.get().transfers.count() == 1


def test_a_payees_lost_news_is_caught_up_too(bank: Bank) -> None:
    payee = bank.released().payee
    bank.sandbox.control.settle()
    payout = services.request_payout(payee)
    sending.run_due()
    payout.refresh_from_db()
    bank.sandbox.control.set_webhooks(drop=True)
    bank.sandbox.control.pay_payout(payout=payout.stripe_id)
    bank.deliver()

    clock.catch_up()

    payout.refresh_from_db()
    assert payout.state == "paid"


def test_lost_news_of_a_payout_that_came_back_after_it_arrived_is_caught_up(bank: Bank) -> None:
    payout = bank.paid_out(bank.released().payee)
    bank.sandbox.control.fail_payout(payout=payout.stripe_id)
    bank.sandbox.deliver()
    bank.letters.clear()

    clock.catch_up()

    payout.refresh_from_db()
    assert payout.state == "failed"
