"""News that was lost: whose is read first, and whose onboarding is asked about."""

from datetime import timedelta

import pytest
from django.utils import timezone

from payments import clock, services
from payments.models import Account, Bookmark
from payments.settlement import accounts
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


def test_payouts_that_were_enabled_or_disabled_in_silence_are_heard_of(bank: Bank) -> None:
    verified, disabled, idle = bank.released().payee, bank.released().payee, bank.payee()
    Account.objects.filter(pk=verified.pk).update(payouts_enabled=False, updated_at=timezone.now() - timedelta(days=99))
    bank.sandbox.control.set_webhooks(drop=True)
    for account in (disabled, idle):
        bank.sandbox.control.disable_account(account=account.stripe_account_id)

    clock.catch_up()

    ready = {row.pk: row.is_onboarded for row in Account.objects.payees()}
    assert ready == {verified.pk: True, disabled.pk: False, idle.pk: True}  # nothing of the idle one's depends on it


def test_those_asked_about_longest_ago_come_first_and_the_well_ones_once_a_day(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    payees = [bank.released().payee for _ in range(3)]
    monkeypatch.setattr(clock, "ASKED", 1)

    for _ in range(2):
        clock.catch_up()
    asked = [Account.objects.get(pk=payee.pk).asked_at is not None for payee in payees]
    for _ in range(2):
        clock.catch_up()

    assert asked == [True, True, False]
    assert list(accounts.worth_asking()) == []
    Account.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    Account.objects.filter(pk=payees[1].pk).update(asked_at=timezone.now() - timedelta(hours=30))
    assert [payee.pk for payee in accounts.worth_asking()] == [payees[place].pk for place in (1, 0, 2)]
