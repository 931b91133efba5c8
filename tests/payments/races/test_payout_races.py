"""Two hands at one payee's money: one payout, to a bank account that was known."""

from collections.abc import Callable

import pytest

from marketplace.kit.errors import Conflict
from marketplace.kit.money import Money
from payments import ledger, services
from payments.models import Account, PauseReason, PayoutMethod
from payments.states import Chart
from tests.payments.agreement import differences
from tests.payments.races.racing import race, winners
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_payouts_at_once_have_one_winner(bank: Bank) -> None:
    payee = bank.released().payee
    bank.sandbox.control.settle()

    results = race(*[lambda: services.request_payout(Account.objects.get(pk=payee.pk))] * 4)
    bank.settle_down()

    assert len(winners(results)) == 1
    assert ledger.held(Chart.MEMO_CONNECTED, payee.public_id, "EUR") == Money(0, "EUR")


def test_an_instant_and_a_standard_payout_at_once_have_one_winner(bank: Bank) -> None:
    payee = bank.released().payee
    bank.sandbox.control.settle()

    def ask(method: PayoutMethod) -> Callable[[], object]:
        return lambda: services.request_payout(Account.objects.get(pk=payee.pk), method=method)

    results = race(*[ask(method) for method in PayoutMethod] * 2)
    bank.settle_down()

    assert len(winners(results)) == 1
    assert differences(bank.sandbox) == []


def test_a_payout_asked_for_while_payouts_are_paused_goes_to_the_old_bank_account_or_nowhere(bank: Bank) -> None:
    payee = bank.released().payee
    bank.sandbox.control.settle()
    old = payee.bank_accounts.get()

    def pause() -> None:
        services.pause_payouts(Account.objects.get(pk=payee.pk), PauseReason.LOGIN)

    race(pause, *[lambda: services.request_payout(Account.objects.get(pk=payee.pk))] * 3)

    payee.refresh_from_db()
    assert payee.is_paused
    assert {payout.bank_account for payout in payee.payouts.all()} <= {old}
    with pytest.raises(Conflict):
        services.request_payout(payee)
