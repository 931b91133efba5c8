"""News that was lost: whose is read first, and whose onboarding is asked about."""

import pytest

from payments import clock, services
from payments.models import Bookmark
from payments.states import HoldState
from tests.plugins.sandbox import PAGE, Bank

pytestmark = pytest.mark.django_db


def test_those_read_longest_ago_are_caught_up_first(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    payees = [bank.released().payee for _ in range(3)]
    bank.sandbox.control.settle()
    for payee in payees:
        services.request_payout(payee)
    monkeypatch.setattr(clock, "BATCH", 1)

    for _ in payees:
        clock.catch_up()

    read = set(Bookmark.objects.exclude(acts_as="").values_list("acts_as", flat=True))
    assert read == {payee.stripe_account_id for payee in payees}


def test_a_payee_whose_onboarding_news_was_lost_is_asked_about(bank: Bank) -> None:
    payee = bank.payee(onboarded=False)
    hold = bank.secured(payee=payee)
    services.release(hold)
    assert services.start_onboarding(payee, return_url=PAGE, refresh_url=PAGE)
    bank.sandbox.control.set_webhooks(drop=True)
    bank.sandbox.control.complete_onboarding(account=payee.stripe_account_id)

    clock.catch_up()

    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED
