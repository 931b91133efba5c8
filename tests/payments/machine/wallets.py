"""Wallets: paid into, drawn on, given back to, closed; and work that several payees share."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from marketplace.kit.money import Money
from payments import services
from payments.models import Account, Hold, Wallet
from payments.states import CheckoutState, WalletState
from tests.payments.machine.desk import Desk, refusals, which
from tests.payments.machine.money_in import METHODS
from tests.plugins.sandbox import PAGE


class Wallets(Desk):
    """One payment for several holds. What is paid on its pages, and their news, are in ``money_in``."""

    @precondition(lambda self: "wallet open" not in self.seen and "many wallets" not in self.seen)
    @rule()
    def open_a_wallet(self) -> None:
        self.open_wallet()

    @precondition(lambda self: "wallet open" in self.seen)
    @rule(amount=st.sampled_from([1_00, 60_00, 400_00, 20_000_00]), method=st.sampled_from(METHODS))
    def pay_into_the_wallet(self, amount: int, method: str) -> None:
        wallet = Wallet.objects.get(state=WalletState.OPEN)
        with refusals():
            services.wallet_url(wallet, Money(amount, wallet.currency), success_url=PAGE, cancel_url=PAGE)
        page = wallet.checkouts.filter(state=CheckoutState.OPEN).exclude(stripe_id=None).last()
        if page is not None:
            self.control.pay_session(session=page.stripe_id, method=method)

    @precondition(lambda self: {"wallet open", "wallet closed"} & self.seen)
    @rule(place=which)
    def come_back_from_the_wallets_page(self, place: int) -> None:
        services.refresh_checkout(self.pick(Wallet.objects.all(), place))

    @precondition(lambda self: "hold awaiting_payment" in self.seen and {"wallet open", "wallet closed"} & self.seen)
    @rule(place=which)
    def draw(self, place: int) -> None:
        with refusals():
            services.draw(self.pick(Wallet.objects.all(), place), self.pick(Hold.objects.awaiting_payment(), place))

    @precondition(lambda self: "wallet open" in self.seen and "many holds" not in self.seen)
    @rule(place=which, amount=st.sampled_from([33_33, 100_00, 5_000_00]))
    def draw_for_new_work(self, place: int, amount: int) -> None:
        wallet = Wallet.objects.get(state=WalletState.OPEN)
        payee = self.pick(Account.objects.payees().filter(currency=wallet.currency), place)
        hold = self.open(amount, payee)
        with refusals():
            services.draw(wallet, hold)

    @precondition(lambda self: {"wallet open", "wallet closed"} & self.seen)
    @rule(place=which)
    def return_what_is_left(self, place: int) -> None:
        services.return_left(self.pick(Wallet.objects.all(), place), reason="not needed")

    @precondition(lambda self: "wallet open" in self.seen)
    @rule()
    def close_the_wallet(self) -> None:
        services.close_wallet(Wallet.objects.get(state=WalletState.OPEN), reason="the campaign is over")


class Crews(Desk):
    """One hold for several payees. Everything else happens to it as to any other."""

    @precondition(lambda self: "many holds" not in self.seen)
    @rule(amount=st.sampled_from([1, 33_33, 100_00, 999_999]), weights=st.sampled_from([(1, 1), (2, 1), (1, 99)]))
    def open_hold_for_a_crew(self, amount: int, weights: tuple[int, int]) -> None:
        crew = self.crew()
        with refusals():
            self.open(amount, crew[0], shares=list(zip(crew, weights, strict=True)))
