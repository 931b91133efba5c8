"""Signed work whose payment is on its way from the business's bank into the campaign's money."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns import clock
from campaigns.models import Activity, Collaboration
from campaigns.services import ending, funding
from marketplace.trust.models import Strike
from payments import clock as payments_clock
from payments.sandbox.server import Sandbox
from tests import cast as people
from tests.campaigns.test_funding import TOTAL, signed
from tests.campaigns.test_funding_news import begin_debit, kinds
from tests.cast import Cast
from tests.plugins.sandbox import Bank, Letters


@pytest.fixture
def bank(sandbox: Sandbox, letters: Letters) -> Bank:
    """The whole bank, not the one that only notes what it is asked."""
    return Bank(sandbox, letters)


def test_signed_work_waits_for_the_campaigns_debit_without_a_strike(cast: Cast, bank: Bank) -> None:
    campaign = people.campaign(cast)
    checkout = begin_debit(bank, campaign, cast)
    made = signed(cast, campaign)
    assert "offer.accept_coming" in kinds(cast.finance)
    assert "offer.accept" not in kinds(cast.finance)

    with time_machine.travel(timezone.now(), tick=False) as now:
        for _day in range(5):
            now.shift(timedelta(hours=24))
            clock.cover()
            clock.remind()
            clock.advance()
            payments_clock.expire_unpaid()

        made.refresh_from_db()
        assert made.state == "awaiting_payment"
        assert made.due_at is not None
        assert made.due_at >= timezone.now() + timedelta(hours=48)
        assert made.hold.due_at == made.due_at
        assert not Strike.objects.exists()
        assert "collaboration.remind_payment" not in kinds(cast.finance)
        assert Activity.objects.filter(collaboration=made, verb="wait").exists()

    bank.sandbox.control.finish_debit(payment_intent=checkout.payment_intent)
    bank.settle_down()
    clock.cover()
    made.refresh_from_db()
    assert made.state == "in_production"


def test_only_what_the_debit_will_pay_for_waits(cast: Cast, bank: Bank) -> None:
    campaign = people.campaign(cast)
    begin_debit(bank, campaign, cast, TOTAL)
    first, second = signed(cast, campaign), signed(cast, campaign, creator=cast.other_profile)

    assert (funding.is_coming(first), funding.is_coming(second)) == (True, False)
    with time_machine.travel(timezone.now() + timedelta(hours=60)):
        clock.cover()
    first_due, second_due = first.due_at, second.due_at
    first.refresh_from_db()
    second.refresh_from_db()

    assert first_due != first.due_at == first.hold.due_at
    assert second_due == second.due_at


def test_work_that_was_called_off_waits_for_nothing(cast: Cast, bank: Bank) -> None:
    campaign = people.campaign(cast)
    begin_debit(bank, campaign, cast)
    made = signed(cast, campaign)
    stale = Collaboration.objects.get(pk=made.pk)
    ending.call_off(made, reason="No.", by=cast.manager)

    funding.wait_for_bank(stale)

    assert stale.due_at is None
    assert not Activity.objects.filter(verb="wait").exists()
