"""A refund after the release: the payer gets it, the payee owes it, and nothing is taken twice."""

import pytest
from django.db.models import Sum

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.money import Money
from payments import ledger, services
from payments.models import Claim, Refund
from payments.states import Chart, ClaimState
from tests.payments.agreement import broken_rules
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def test_only_what_was_released_can_be_taken_back(bank: Bank) -> None:
    hold = bank.secured()

    with pytest.raises(Conflict) as refusal:
        services.take_back(hold, reason="too early", by=bank.admin())

    assert refusal.value.code == "not_released"
    assert not Claim.objects.exists()


@pytest.mark.parametrize("amount", [Money(0, "EUR"), Money(100_01, "EUR"), Money(5_00, "USD")])
def test_an_amount_out_of_range_takes_nothing_back(bank: Bank, amount: Money) -> None:
    hold = bank.released()

    with pytest.raises(Invalid):
        services.take_back(hold, amount=amount, reason="wrong", by=bank.admin())

    assert not Refund.objects.exists()


def test_taking_back_twice_never_takes_more_than_was_paid(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    hold = bank.released()
    services.take_back(hold, amount=euros(60_00), reason="one of two posts is gone", by=bank.admin())
    bank.settle_down()

    with pytest.raises(Invalid):
        services.take_back(hold, amount=euros(40_01), reason="the other, too", by=bank.admin())
    services.take_back(hold, amount=euros(40_00), reason="the other, too", by=bank.admin())
    bank.settle_down()

    assert sum(refund.total.minor for refund in Refund.objects.all()) == 109_00
    assert ledger.balance(Chart.PLATFORM_FEE, "EUR") == euros(0)
    assert ledger.balance(Chart.RECEIVABLE_PAYEE, "EUR") == euros(0)


def test_a_refused_reversal_leaves_a_claim_and_the_payer_is_refunded_all_the_same(bank: Bank) -> None:
    bank.reserve(euros(200_00))
    hold = bank.released()
    bank.sandbox.control.fault(route="POST /v1/transfers/{id}/reversals", kind="400", count=1)

    services.take_back(hold, reason="it was never published", by=bank.admin())
    bank.settle_down()

    assert Claim.objects.get().left == euros(100_00)
    assert Refund.objects.get().state == "succeeded"
    assert ledger.held(Chart.MEMO_CONNECTED, hold.payee.public_id, "EUR") == euros(100_00)
    services.recover_claim(Claim.objects.get(), reason="there is money now", by=bank.admin())
    bank.settle_down()
    assert Claim.objects.get().state == ClaimState.RECOVERED
    assert ledger.balance(Chart.RECEIVABLE_PAYEE, "EUR") == euros(0)


def test_a_claim_is_written_off_by_a_person_with_a_reason(bank: Bank) -> None:
    bank.reserve(euros(200_00))
    hold = bank.released()
    bank.paid_out(hold.payee)
    services.take_back(hold, reason="it was never published", by=bank.admin())
    bank.settle_down()

    with pytest.raises(Invalid):
        services.write_off_claim(Claim.objects.get(), reason=" ", by=bank.admin())
    services.write_off_claim(Claim.objects.get(), reason="the payee is bankrupt", by=bank.admin())

    assert Claim.objects.get().state == ClaimState.WRITTEN_OFF
    assert ledger.balance(Chart.RECEIVABLE_PAYEE, "EUR") == euros(0)
    assert ledger.balance(Chart.DISPUTE_LOSS, "EUR") == euros(100_00)


def test_a_payment_out_of_a_wallet_is_taken_back_into_it(bank: Bank) -> None:
    wallet = bank.filled_wallet(euros(109_00))
    hold = services.draw(wallet, bank.hold(payer=wallet.payer))
    services.release(hold)
    bank.settle_down()

    services.take_back(hold, reason="it was never published", by=bank.admin())
    bank.settle_down()

    assert ledger.held(Chart.WALLET, wallet.public_id, "EUR") == euros(109_00)
    assert Claim.objects.get().state == ClaimState.RECOVERED
    assert Refund.objects.get().confirmed_at is not None
    assert broken_rules() == []


def test_a_crew_owes_together_what_was_taken_back_in_parts_and_nobody_more_than_they_got(bank: Bank) -> None:
    bank.reserve(euros(200_00))
    hold = bank.hold_for_crew([(bank.payee("Mina"), 1), (bank.payee("Jo"), 1)], euros(1_00))
    bank.pay(hold)
    bank.settle_down()
    services.release(hold)
    bank.settle_down()
    bank.sandbox.control.settle()

    for minor in (33, 33, 34):
        services.take_back(hold, amount=euros(minor), reason="a part is gone", by=bank.admin())
        bank.settle_down()

    claimed = Claim.objects.values_list("payee__name").annotate(sum=Sum("amount_minor"))
    assert dict(claimed.order_by()) == {"Mina": 50, "Jo": 50}
    assert set(Claim.objects.values_list("state", flat=True)) == {ClaimState.RECOVERED}
    assert (ledger.balance(Chart.RECEIVABLE_PAYEE, "EUR"), broken_rules()) == (euros(0), [])


def test_money_on_its_way_back_cannot_be_paid_out(bank: Bank) -> None:
    bank.reserve(euros(200_00))
    hold = bank.released()
    bank.sandbox.control.settle()
    services.take_back(hold, reason="it was never published", by=bank.admin())

    with pytest.raises(Conflict) as refusal:
        services.request_payout(hold.payee)

    assert refusal.value.code == "nothing_available"
