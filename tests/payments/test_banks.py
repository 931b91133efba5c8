"""Where payouts go: to the bank account that was known when they were asked for, and nowhere for a while after news."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from marketplace.trust.models import AuditEntry
from marketplace.users.models import User
from payments import clock, reads, services
from payments.models import Account, BankAccount, Hold, PauseReason, Payout, Transfer
from payments.settlement import accounts, payouts
from payments.signals import payouts_paused
from payments.states import HoldState, PayoutState, TransferState
from tests.payments.agreement import differences
from tests.plugins.sandbox import PAGE, Bank

pytestmark = pytest.mark.django_db

WAIT = timedelta(hours=72)


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def payee_with_money(bank: Bank) -> Account:
    payee = bank.released().payee
    bank.sandbox.control.settle()
    bank.settle_down()
    payee.refresh_from_db()
    return payee


def change_bank(bank: Bank, payee: Account, **facts: str) -> None:
    bank.sandbox.control.change_bank(account=payee.stripe_account_id, **facts)
    bank.settle_down()
    payee.refresh_from_db()


def refusal_of(payee: Account) -> str:
    with pytest.raises(Conflict) as refusal:
        services.request_payout(payee)
    return refusal.value.code


def test_the_first_bank_account_is_known_and_nothing_is_paused(bank: Bank) -> None:
    payee = bank.payee()

    known = BankAccount.objects.get()
    assert (known.account, known.currency, known.bank_name, known.last4) == (payee, "EUR", "SANDBOX TEST BANK", "6789")
    assert known.is_default
    assert known.takes_instant
    assert not payee.is_paused


def test_a_payout_names_the_bank_account_it_goes_to(bank: Bank) -> None:
    payee = payee_with_money(bank)

    payout = services.request_payout(payee)

    assert payout.bank_account == BankAccount.objects.get()
    assert payout.operation.params["destination"] == BankAccount.objects.get().stripe_id


def test_another_bank_account_pauses_payouts_for_three_days(bank: Bank) -> None:
    payee = payee_with_money(bank)

    change_bank(bank, payee)

    assert payee.payouts_paused_for == PauseReason.BANK
    assert payee.payouts_paused_until is not None
    assert timedelta(hours=71, minutes=59) < payee.payouts_paused_until - timezone.now() <= WAIT
    assert refusal_of(payee) == "payouts_paused"
    assert services.nightly_payouts() == 0
    with time_machine.travel(timezone.now() + WAIT + timedelta(minutes=1)):
        assert services.request_payout(payee).amount == euros(100_00)


def test_the_old_bank_account_is_kept_as_gone(bank: Bank) -> None:
    payee = payee_with_money(bank)
    old = BankAccount.objects.get()

    change_bank(bank, payee)

    old.refresh_from_db()
    assert old.gone_at is not None
    assert BankAccount.objects.there().count() == 1


def test_the_same_news_again_does_not_pause_for_longer(bank: Bank) -> None:
    payee = payee_with_money(bank)
    change_bank(bank, payee)
    until = payee.payouts_paused_until

    with time_machine.travel(timezone.now() + timedelta(hours=5)):
        assert accounts.refresh(payee)

    payee.refresh_from_db()
    assert payee.payouts_paused_until == until


def test_a_bank_account_for_another_currency_pauses_too(bank: Bank) -> None:
    payee = payee_with_money(bank)

    change_bank(bank, payee, currency="usd")

    assert payee.is_paused


def test_who_is_concerned_hears_of_a_pause(bank: Bank) -> None:
    heard: list[Account] = []

    def listen(*, account: Account, **_: object) -> None:
        heard.append(account)

    payee = payee_with_money(bank)
    payouts_paused.connect(listen)
    try:
        change_bank(bank, payee)
    finally:
        payouts_paused.disconnect(listen)

    assert heard == [payee]


def test_a_bank_account_changed_behind_our_back_gets_nothing(bank: Bank) -> None:
    """The news has not come yet: the payout is for the old bank account, and Stripe refuses to send it there."""
    payee = payee_with_money(bank)
    bank.sandbox.control.change_bank(account=payee.stripe_account_id)

    payout = services.request_payout(payee)
    bank.settle_down()

    payout.refresh_from_db()
    assert payout.state == PayoutState.REFUSED
    assert reads.earnings(payee).available == euros(100_00)
    assert refusal_of(payee) == "payouts_paused"
    assert differences(bank.sandbox) == []


def test_a_bank_account_changed_while_stripe_is_asked_stops_the_payout(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    payee = payee_with_money(bank)
    real = payouts.ready

    def ready(*args: Any) -> Any:
        change_bank(bank, payee)
        return real(*args)

    monkeypatch.setattr(payouts, "ready", ready)

    assert refusal_of(payee) == "payouts_paused"
    assert Payout.objects.count() == 0


def test_a_changed_login_pauses_payouts(bank: Bank) -> None:
    payee = payee_with_money(bank)

    services.pause_payouts(payee, PauseReason.LOGIN)

    assert refusal_of(payee) == "payouts_paused"


def test_without_hours_nothing_is_paused(bank: Bank, settings: Any) -> None:
    payee = payee_with_money(bank)
    settings.HOURS = {**settings.HOURS, "payout_pause": 0}

    change_bank(bank, payee)

    assert not payee.is_paused


def test_a_person_lifts_a_pause_with_a_reason(bank: Bank, admin_user: User) -> None:
    payee = payee_with_money(bank)
    change_bank(bank, payee)

    services.lift_pause(payee, reason="called the known number", by=admin_user)

    assert AuditEntry.objects.get(act="account.lift_pause").reason == "called the known number"
    assert services.request_payout(payee).amount == euros(100_00)
    with pytest.raises(Conflict) as refusal:
        services.lift_pause(payee, reason="again", by=admin_user)
    assert refusal.value.code == "not_paused"


def test_an_account_whose_bank_we_have_not_seen_is_asked_about(bank: Bank) -> None:
    payee = payee_with_money(bank)
    BankAccount.objects.all().delete()

    payout = services.request_payout(payee)

    assert payout.bank_account == BankAccount.objects.get()
    assert not Account.objects.get(pk=payee.pk).is_paused


def test_money_in_a_currency_without_a_bank_account_waits(bank: Bank) -> None:
    payee = payee_with_money(bank)
    BankAccount.objects.update(currency="USD")
    bank.sandbox.control.fault(route="GET /v1/accounts/{account}", kind="500", count=3)

    assert refusal_of(payee) == "no_bank"


def test_what_stripe_would_convert_waits_for_a_bank_account_that_takes_it(bank: Bank) -> None:
    payee = bank.payee()
    hold = bank.secured(Money(100_00, "USD"), payee=payee)
    services.release(hold)
    bank.settle_down()
    before = Hold.objects.get().state, differences(bank.sandbox)
    waited = reads.earnings(payee).not_taken

    bank.name_bank(payee, "USD")
    bank.settle_down()

    payee.refresh_from_db()
    assert (before, waited) == ((HoldState.RELEASING, []), (Money(100_00, "USD"),))
    assert Hold.objects.get().state == HoldState.RELEASED
    assert reads.earnings(payee).not_taken == ()
    assert reads.earnings(payee, "USD").available == Money(100_00, "USD")
    assert differences(bank.sandbox) == []


def test_a_payee_who_waits_for_a_bank_account_is_asked_about_when_the_news_of_it_is_lost(bank: Bank) -> None:
    payee = bank.payee()
    services.release(bank.secured(Money(100_00, "USD"), payee=payee))
    bank.settle_down()

    assert payee in accounts.worth_asking()


def test_a_release_that_waits_for_a_bank_account_holds_up_no_other(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "BATCH", 1)
    services.release(bank.secured(Money(100_00, "USD"), payee=bank.payee()))
    bank.settle_down()
    later = bank.payee("Odo", onboarded=False)
    services.release(bank.secured(Money(100_00, "EUR"), payee=later))
    bank.settle_down()
    assert services.start_onboarding(later, return_url=PAGE, refresh_url=PAGE)
    later.refresh_from_db()
    bank.sandbox.control.complete_onboarding(account=later.stripe_account_id, currency="eur")
    Account.objects.filter(pk=later.pk).update(transfers_active=True)  # heard of; then the worker died

    clock.sweep()

    assert Transfer.objects.get(payee=later).state == TransferState.CONFIRMED
