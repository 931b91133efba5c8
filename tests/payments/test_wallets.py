"""A wallet: filled once, drawn on many times; what is left goes back the way it came."""

import pytest

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.money import Money
from marketplace.users.models import User
from payments import ledger, reads, services
from payments.models import Checkout, Hold, Refund, Wallet
from payments.settlement import drawing
from payments.states import Chart, CheckoutState, HoldState, RefundState, WalletState
from tests.payments.agreement import differences
from tests.plugins.sandbox import PAGE, Bank

pytestmark = pytest.mark.django_db


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def assert_payments_add_up(wallet: Wallet) -> None:
    """What is left of each payment adds up to what the books hold for the wallet."""
    left = sum(money.minor for _, money in drawing.left_of_payments(wallet))
    assert Money(left, wallet.currency) == drawing.left(wallet)


def test_one_payment_pays_for_many_holds(bank: Bank) -> None:
    wallet = bank.filled_wallet(euros(250_00))

    drawn = [services.draw(wallet, bank.hold(payer=wallet.payer)) for _ in range(2)]

    assert {hold.state for hold in drawn} == {HoldState.SECURED}
    assert drawing.left(wallet) == euros(32_00)
    assert Checkout.objects.count() == 1
    assert_payments_add_up(wallet)


def test_a_wallet_that_holds_too_little_pays_nothing(bank: Bank) -> None:
    wallet = bank.filled_wallet(euros(108_99))
    hold = bank.hold(payer=wallet.payer)

    with pytest.raises(Conflict) as refusal:
        services.draw(wallet, hold)

    hold.refresh_from_db()
    assert refusal.value.code == "wallet_short"
    assert hold.state == HoldState.AWAITING_PAYMENT
    assert drawing.left(wallet) == euros(108_99)
    assert not hold.draws.exists()


def test_nobody_draws_on_the_wallet_of_another(bank: Bank) -> None:
    wallet = bank.filled_wallet(euros(300_00))

    with pytest.raises(Conflict) as refusal:
        services.draw(wallet, bank.hold())

    assert refusal.value.code == "wrong_wallet"


def test_a_hold_that_is_paid_is_not_drawn_again(bank: Bank) -> None:
    wallet = bank.filled_wallet(euros(300_00))
    hold = services.draw(wallet, bank.hold(payer=wallet.payer))

    with pytest.raises(Conflict):
        services.draw(wallet, hold)

    assert drawing.left(wallet) == euros(191_00)


def test_a_page_that_was_open_for_a_drawn_hold_is_closed(bank: Bank) -> None:
    wallet = bank.filled_wallet(euros(300_00))
    hold = bank.hold(payer=wallet.payer)
    services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)

    services.draw(wallet, hold)
    bank.settle_down()

    assert hold.checkouts.get().state == CheckoutState.EXPIRED


def test_a_drawn_hold_is_released_out_of_the_payment_that_paid_for_it(bank: Bank) -> None:
    wallet = bank.filled_wallet(euros(300_00))
    hold = services.draw(wallet, bank.hold(payer=wallet.payer))

    services.release(hold)
    bank.settle_down()

    operation = hold.transfers.get().operation
    assert operation is not None
    assert operation.params["source_transaction"] == wallet.checkouts.get().charge


def test_a_hold_paid_by_two_payments_waits_for_the_balance(bank: Bank) -> None:
    wallet = bank.filled_wallet(euros(60_00))
    bank.fill(wallet, euros(60_00))
    bank.settle_down()
    bank.sandbox.control.settle()
    hold = services.draw(wallet, bank.hold(payer=wallet.payer))

    services.release(hold)
    bank.settle_down()

    operation = hold.transfers.get().operation
    assert operation is not None
    assert "source_transaction" not in operation.params
    assert Hold.objects.get(pk=hold.pk).state == HoldState.RELEASED
    assert list(hold.draws.values_list("minor", flat=True)) == [60_00, 49_00]


def test_what_is_left_returns_through_each_payment(bank: Bank) -> None:
    wallet = bank.filled_wallet(euros(60_00))
    bank.fill(wallet, euros(90_00), method="debit")
    bank.sandbox.control.finish_debit(payment_intent=_newest(bank, wallet))
    bank.settle_down()
    bank.sandbox.control.settle()
    services.draw(wallet, bank.hold(payer=wallet.payer))

    services.close_wallet(wallet, reason="over")
    bank.settle_down()

    back = Refund.objects.get()
    assert (back.total, back.state, back.checkout) == (
        euros(41_00),
        RefundState.SUCCEEDED,
        wallet.checkouts.latest("pk"),
    )
    assert drawing.left(wallet) == euros(0)
    assert_payments_add_up(wallet)


def _newest(bank: Bank, wallet: Wallet) -> str:
    bank.settle_down()
    return str(wallet.checkouts.latest("pk").payment_intent)


def test_a_refund_of_a_drawn_hold_goes_into_the_wallet_and_can_be_drawn_again(bank: Bank) -> None:
    wallet = bank.filled_wallet(euros(109_00))
    hold = services.draw(wallet, bank.hold(payer=wallet.payer))

    services.refund(hold, reason="called off")
    again = services.draw(wallet, bank.hold(payer=wallet.payer))

    assert hold.state == HoldState.REFUNDED
    assert again.state == HoldState.SECURED
    assert bank.sandbox.control.state()["things"].get("refund", 0) == 0
    assert_payments_add_up(wallet)


def test_a_refund_into_a_closed_wallet_goes_on_to_where_it_came_from(bank: Bank) -> None:
    bank.reserve(euros(10_00))
    wallet = bank.filled_wallet(euros(109_00))
    hold = services.draw(wallet, bank.hold(payer=wallet.payer))
    services.close_wallet(wallet, reason="over")

    services.refund(hold, reason="called off")
    bank.settle_down()

    back = Refund.objects.get(hold=None)
    assert (back.total, back.state) == (euros(109_00), RefundState.SUCCEEDED)
    assert drawing.left(wallet) == euros(0)
    assert_payments_add_up(wallet)


def test_a_payment_into_a_closed_wallet_is_sent_back(bank: Bank) -> None:
    bank.reserve(euros(10_00))
    wallet = bank.wallet()
    bank.fill(wallet, euros(100_00))

    services.close_wallet(wallet, reason="over")
    bank.settle_down()

    back = Refund.objects.get()
    assert (back.late, back.total, back.state) == (True, euros(100_00), RefundState.SUCCEEDED)
    assert wallet.checkouts.get().state == CheckoutState.RETURNED
    assert drawing.left(wallet) == euros(0)


def test_a_refund_out_of_a_wallet_that_fails_is_in_the_wallet_again(bank: Bank) -> None:
    bank.reserve(euros(10_00))
    wallet = bank.filled_wallet(euros(50_00))
    services.return_left(wallet, reason="plans changed")
    bank.settle_down()

    bank.sandbox.control.fail_refund(refund=Refund.objects.get().stripe_id)
    bank.settle_down()

    assert Refund.objects.get().state == RefundState.FAILED
    assert drawing.left(wallet) == euros(50_00)
    assert_payments_add_up(wallet)


def test_a_closed_wallet_takes_nothing_and_gives_nothing(bank: Bank) -> None:
    wallet = bank.wallet()
    services.close_wallet(wallet, reason="over")

    for act in (
        lambda: services.wallet_url(wallet, euros(10_00), success_url=PAGE, cancel_url=PAGE),
        lambda: services.draw(wallet, bank.hold(payer=wallet.payer)),
        lambda: services.close_wallet(wallet, reason="again"),
    ):
        with pytest.raises(Conflict):
            act()

    assert wallet.state == WalletState.CLOSED


@pytest.mark.parametrize("amount", [Money(0, "EUR"), Money(-5, "EUR"), Money(10**9, "EUR"), Money(5_00, "USD")])
def test_an_amount_that_makes_no_sense_opens_no_page(bank: Bank, amount: Money) -> None:
    wallet = bank.wallet()

    with pytest.raises(Invalid):
        services.wallet_url(wallet, amount, success_url=PAGE, cancel_url=PAGE)

    assert not wallet.checkouts.exists()


def test_asking_twice_for_the_same_amount_shows_the_same_page(bank: Bank) -> None:
    wallet = bank.wallet()
    urls = [
        services.wallet_url(wallet, euros(minor), success_url=PAGE, cancel_url=PAGE) for minor in (50_00, 50_00, 60_00)
    ]
    bank.settle_down()

    assert urls[0] == urls[1] != urls[2]
    assert dict(wallet.checkouts.values_list("total_minor", "state")) == {50_00: "expired", 60_00: "open"}


def test_each_method_says_what_it_would_cost_and_the_payment_what_it_did(bank: Bank) -> None:
    costs = {one.method: one.estimate for one in reads.method_costs(euros(200_00), country="DE")}

    wallet = bank.filled_wallet(euros(200_00))

    assert costs == {"sepa_debit": euros(35), "card": euros(3_25)}
    assert wallet.checkouts.get().processing_minor == 3_25
    assert ledger.balance(Chart.PROCESSING, "EUR") == euros(3_25)


def test_what_comes_back_goes_on_while_the_rest_is_still_being_sent(bank: Bank) -> None:
    bank.reserve(euros(1_000_00))
    wallet = bank.filled_wallet(euros(300_00))
    hold = services.draw(wallet, bank.hold(payer=wallet.payer))
    services.close_wallet(wallet, reason="over")

    services.refund(hold, reason="not needed")
    bank.settle_down()

    assert sorted(refund.total.minor for refund in Refund.objects.filter(hold=None)) == [109_00, 191_00]
    assert drawing.left(wallet) == euros(0)
    assert differences(bank.sandbox) == []


def test_a_refund_that_failed_is_sent_again_once(bank: Bank, admin_user: User) -> None:
    bank.keep_reserve()
    wallet = bank.filled_wallet(euros(109_00))
    services.return_left(wallet, reason="over")
    bank.settle_down()
    failed = Refund.objects.get()
    bank.sandbox.control.fail_refund(refund=failed.stripe_id)
    bank.settle_down()

    services.refund_again(failed, reason="the card was lost", by=admin_user)
    with pytest.raises(Conflict) as refusal:
        services.refund_again(failed, reason="the card was lost", by=admin_user)

    assert refusal.value.code == "tried_again_already"
    assert drawing.left(wallet) == euros(0)
