"""News that comes twice, in any order, too early, in another version's words, or not at all."""

import itertools
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from payments import clock, gateway, services
from payments.models import Checkout, Entry, Hold, Payout, Refund, StripeEvent, Transfer
from payments.sandbox.webhooks import sign
from payments.settlement import inbox, sending
from payments.states import EventState, HoldState
from tests.payments.agreement import differences
from tests.plugins.sandbox import Bank, Letters

pytestmark = pytest.mark.django_db
ROUTES = ("POST /v1/transfers", "POST /v1/refunds", "POST /v1/payouts")
WANTED = (
    "checkout.session.completed", "transfer.created", "refund.created", "refund.failed", "payout.paid",
    "payout.failed",
)  # fmt: skip
ORDERS = list(itertools.permutations(range(len(WANTED))))
A_FEW = random.Random(7).sample(ORDERS, 20)


@pytest.fixture
def news(bank: Bank) -> Letters:
    """Six pieces of news about four payments; every answer to what we asked for was lost."""
    paying_out, releasing, refunding, paying = bank.released().payee, bank.secured(), bank.secured(), bank.hold()
    bank.sandbox.control.settle()
    for route in ROUTES:
        bank.sandbox.control.fault(route=route, kind="cut", after=True)
    services.request_payout(paying_out)
    services.release(releasing)
    services.refund(refunding, reason="called off")
    sending.run_due()
    made = {kind: bank.sandbox.engine.world.store.newest(kind, place) for kind, place in (
        ("refund", ""), ("payout", paying_out.stripe_account_id or ""),
    )}  # fmt: skip
    refund, payout = (next(rows)[1]["id"] for rows in made.values())
    bank.sandbox.control.pay_payout(payout=payout)
    bank.sandbox.control.fail_payout(payout=payout)
    bank.sandbox.control.fail_refund(refund=refund)
    bank.pay(paying)
    bank.sandbox.deliver()
    kept = {json.loads(letter[1])["type"]: letter for letter in bank.letters}
    return [kept[kind] for kind in WANTED]


def state_of_everything() -> dict[str, Any]:
    """What the rows and the books say in the end, without what tells the order."""
    kinds = {model.__name__: model for model in (Hold, Checkout, Transfer, Refund, Payout)}
    rows = {name: sorted(model.objects.values_list("pk", "state")) for name, model in kinds.items()}
    entries = sorted(Entry.objects.values_list("chart", "owner", "currency", "minor"))
    return {**rows, "entries": entries}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def read_in_order(bank: Bank, news: Letters, order: tuple[int, ...]) -> dict[str, Any]:
    with undone():
        for place in order:
            inbox.store(json.loads(news[place][1]))
            inbox.read_due()
        StripeEvent.objects.filter(state=EventState.RECEIVED).update(next_try_at=timezone.now())
        inbox.read_due()
        assert differences(bank.sandbox) == []
        return state_of_everything()


@pytest.fixture
def unmoved(bank: Bank, news: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing moves at Stripe any more, so one answer to a question serves for every order."""
    ask, answers = gateway.call, {}

    def call(kind: str, params: Any, **options: Any) -> gateway.Outcome:
        question = json.dumps([kind, params, options], sort_keys=True)
        if question not in answers:
            answers[question] = ask(kind, params, **options)
        return answers[question]

    monkeypatch.setattr(gateway, "call", call)


def assert_all_end_alike(bank: Bank, news: Letters, orders: list[tuple[int, ...]]) -> None:
    first = read_in_order(bank, news, orders[0])

    assert {state for _, state in first["Hold"]} == {HoldState.SECURED, HoldState.RELEASED}
    assert [state for _, state in first["Refund"] + first["Payout"]] == ["failed", "failed"]
    for order in orders[1:]:
        assert read_in_order(bank, news, order) == first, order


@pytest.mark.usefixtures("unmoved")
def test_six_pieces_of_news_end_alike_in_many_orders(bank: Bank, news: Letters) -> None:
    assert_all_end_alike(bank, news, A_FEW)


@pytest.mark.slow
@pytest.mark.usefixtures("unmoved")
def test_six_pieces_of_news_end_alike_in_every_order(bank: Bank, news: Letters) -> None:
    assert_all_end_alike(bank, news, ORDERS)


def test_each_piece_of_news_told_three_times_counts_once(bank: Bank, news: Letters) -> None:
    once = read_in_order(bank, news, tuple(range(6)))

    assert read_in_order(bank, news, tuple(range(6)) * 3) == once


def test_news_that_comes_before_our_own_commit_waits_for_it(bank: Bank) -> None:
    hold = bank.secured()
    bank.sandbox.control.set_webhooks(hold=True)
    with undone():
        services.release(hold)
        sending.run_due()
    bank.sandbox.control.set_webhooks(hold=False)

    bank.deliver()  # Stripe tells of a transfer whose operation our database never kept
    inbox.read_due()

    assert Transfer.objects.count() == 0
    event = StripeEvent.objects.get(kind="transfer.created")
    assert event.state == EventState.DONE  # nothing of ours to settle
    assert Hold.objects.get().state == HoldState.SECURED


def test_news_in_the_words_of_another_version_is_understood(bank: Bank) -> None:
    """What counts is fetched anew in our own version: of the news itself only ids and marks are believed."""
    bank.sandbox.control.set_webhooks(api_version="2019-02-19")
    known = {"id", "object", "payment_intent", "metadata", "status", "payment_status"}
    hold = bank.hold()
    bank.pay(hold)

    for _ in range(4):
        bank.sandbox.deliver()
        came, bank.letters[:] = list(bank.letters), []
        for endpoint, body, _signature in came:
            event = json.loads(body)
            thing = event["data"]["object"]
            event["data"]["object"] = {name: thing[name] for name in known & thing.keys()} | {"legacy": True}
            rewritten = json.dumps(event).encode()
            secret = "whsec_connect" if endpoint == "connect" else "whsec_platform"
            assert bank.post(endpoint, rewritten, sign(rewritten, secret, event["created"])) == 200
        inbox.read_due()
        if Hold.objects.get().state == HoldState.SECURED:
            services.release(Hold.objects.get())
            bank.sandbox.control.fault(route=ROUTES[0], kind="cut", after=True)
        sending.run_due()

    assert Hold.objects.get().state == HoldState.RELEASED
    assert differences(bank.sandbox) == []


def test_all_news_lost_for_a_while_is_caught_up(bank: Bank) -> None:
    bank.sandbox.control.set_webhooks(drop=True)
    paid, unpaid = bank.hold(), bank.hold()
    bank.pay(paid)
    bank.pay(unpaid, method="debit_fails")
    bank.sandbox.deliver()
    session = bank.sandbox.engine.world.get("checkout.session", str(unpaid.checkouts.get().stripe_id))
    bank.sandbox.control.finish_debit(payment_intent=session["payment_intent"], succeeded=False)
    bank.sandbox.deliver()

    clock.catch_up()

    assert Hold.objects.get(pk=paid.pk).state == HoldState.SECURED
    assert unpaid.checkouts.get().state == "failed"
