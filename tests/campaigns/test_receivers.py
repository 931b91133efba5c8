"""News from the bank reaches the people it concerns, whoever they are."""

from __future__ import annotations

import pytest
import time_machine
from django.utils.translation import get_language

from campaigns import clock
from campaigns.models import Collaboration
from campaigns.services import ending
from marketplace.notices.models import Notice
from payments import signals
from payments.models import Hold, Payout, Refund, Transfer
from payments.services import open_account, open_hold
from tests import cast as people
from tests.cast import Cast

NEWS = [
    ("hold_released", "mina", "collaboration.released"),
    ("hold_release_refused", "mina", "collaboration.release_refused"),
    ("hold_refunded", "finance", "collaboration.refunded"),
]


@pytest.mark.parametrize(("signal", "who", "kind"), NEWS)
def test_both_sides_hear_of_their_money(cast: Cast, signal: str, who: str, kind: str) -> None:
    paid = people.secure(people.collaboration(cast))

    getattr(signals, signal).send(sender=Hold, hold=paid.hold, transfer=Transfer(hold=paid.hold))

    told = Notice.objects.get(kind=kind, user=getattr(cast, who))
    assert told.url == paid.get_absolute_url()
    assert "Our sourdough" in told.text


@pytest.mark.parametrize("who", ["finance", "owner", "mina"])
def test_both_sides_hear_of_a_payment_that_came_too_late(cast: Cast, who: str) -> None:
    made = people.collaboration(cast)
    ending.expire(made)

    people.secure(made)

    told = Notice.objects.get(kind="collaboration.returned_late", user=getattr(cast, who))
    assert told.url == made.get_absolute_url()
    assert Refund.objects.get().hold == made.hold


@pytest.mark.parametrize("signal", ["hold_secured", "hold_expired", "hold_released", "hold_refunded"])
def test_a_payment_for_something_else_concerns_nobody_here(cast: Cast, signal: str) -> None:
    made = people.collaboration(cast)
    before = Notice.objects.count()
    other = open_hold(
        payer=made.hold.payer, payee=made.hold.payee, amount=made.hold.amount, reference="x", description="x",
        due_at=made.hold.due_at,
    )  # fmt: skip

    getattr(signals, signal).send(sender=Hold, hold=other, transfer=Transfer(hold=other))

    assert Notice.objects.count() == before
    assert Collaboration.objects.get().state == "awaiting_payment"


@pytest.mark.parametrize("name", ["payout_paid", "payout_failed"])
def test_a_creator_hears_of_their_payout(cast: Cast, name: str) -> None:
    account = people.collaboration(cast).hold.payee

    getattr(signals, name).send(sender=Payout, payout=Payout(account=account, amount_minor=1, currency="EUR"))

    assert Notice.objects.filter(user=cast.mina, kind=name.replace("_", ".")).count() == 1


def test_a_payout_of_nobody_here_is_nobodys_news(cast: Cast) -> None:
    account = open_account(kind="payee", name="X", email="x@example.org", country="DE", currency="EUR")

    signals.payout_paid.send(sender=Payout, payout=Payout(account=account))

    assert Notice.objects.count() == 0


def test_people_are_told_in_their_language(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.mina.locale = "de"
    cast.mina.save()
    monkeypatch.setattr("campaigns.mail.gettext", lambda text: f"{get_language()}: {text}")

    people.invitation(cast)

    assert Notice.objects.get(user=cast.mina).text.startswith("de: ")


def test_money_that_came_back_is_released_again_once_a_day(cast: Cast) -> None:
    paid = people.secure(people.collaboration(cast))
    Collaboration.objects.filter(pk=paid.pk).update(state="completed")

    clock.pay_again()
    assert Hold.objects.get().state == "secured"
    with time_machine.travel(paid.updated_at + clock.PAY_AGAIN_AFTER * 1.1):
        clock.pay_again()

    assert Hold.objects.get().state == "releasing"
