"""Payers: holds, pages, cards, bank debits that answer later, and payments nobody waits for any more."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from payments import clock, services
from payments.models import Account, Checkout, Hold
from payments.states import CheckoutState, HoldState
from tests.payments.machine.desk import Desk, refusals, which
from tests.plugins.sandbox import PAGE

METHODS = ("card", "card", "challenge", "at_once", "declined", "debit", "debit_fails")


class MoneyIn(Desk):
    """Everything a payer does, on our pages and on Stripe's."""

    @precondition(lambda self: "many holds" not in self.seen)
    @rule(place=which, amount=st.sampled_from([1, 33_33, 100_00, 999_999]))
    def open_hold(self, place: int, amount: int) -> None:
        self.open(amount, self.pick(Account.objects.payees(), place))

    @precondition(lambda self: "hold awaiting_payment" in self.seen)
    @rule(place=which)
    def ask_for_the_page(self, place: int) -> None:
        hold = self.pick(Hold.objects.awaiting_payment(), place)
        with refusals():
            services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)

    @precondition(lambda self: {"checkout open", "checkout expired"} & self.seen)
    @rule(place=which, method=st.sampled_from(METHODS))
    def pay_on_the_page(self, place: int, method: str) -> None:
        """Also on a page we believe closed: Stripe decides."""
        made = Checkout.objects.filter(state__in=[CheckoutState.OPEN, CheckoutState.EXPIRED])
        page = self.pick(made.exclude(stripe_id=None), place)
        self.control.pay_session(session=page.stripe_id, method=method)

    @precondition(lambda self: "hold awaiting_payment" in self.seen)
    @rule(place=which, method=st.sampled_from(METHODS))
    def pay_at_once(self, place: int, method: str) -> None:
        hold = self.pick(Hold.objects.awaiting_payment(), place)
        with refusals():
            services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)
        page = hold.checkouts.live().exclude(stripe_id=None).first()
        if page is not None:
            self.control.pay_session(session=page.stripe_id, method=method)

    @precondition(lambda self: "hold awaiting_payment" in self.seen)
    @rule(place=which)
    def come_back_from_the_page(self, place: int) -> None:
        services.refresh_checkout(self.pick(Hold.objects.awaiting_payment(), place))

    @precondition(lambda self: "debit" in self.seen)
    @rule(place=which, succeeded=st.booleans())
    def answer_a_bank_debit(self, place: int, succeeded: bool) -> None:
        under_way = self.bank.sandbox.engine.world.store.marked("payment_intent", None, "status", "processing")
        _, intent = under_way[place % len(under_way)]
        self.control.finish_debit(payment_intent=intent["id"], succeeded=succeeded)

    @precondition(lambda self: "checkout open" in self.seen)
    @rule(place=which)
    def close_the_page_at_stripe(self, place: int) -> None:
        page = self.pick(Checkout.objects.filter(state=CheckoutState.OPEN), place)
        if self.bank.sandbox.engine.world.get("checkout.session", str(page.stripe_id))["status"] == "open":
            self.control.expire_session(session=page.stripe_id)

    @precondition(lambda self: "hold awaiting_payment" in self.seen)
    @rule(place=which)
    def call_it_off_before_it_is_paid(self, place: int) -> None:
        with refusals():
            services.expire_hold(self.pick(Hold.objects.awaiting_payment(), place))

    @precondition(lambda self: "hold awaiting_payment" in self.seen)
    @rule()
    def let_unpaid_holds_expire(self) -> None:
        clock.expire_unpaid()

    @precondition(lambda self: "hold secured" in self.seen)
    @rule(place=which)
    def freeze(self, place: int) -> None:
        services.freeze(self.pick(Hold.objects.filter(state=HoldState.SECURED), place))

    @precondition(lambda self: "hold frozen" in self.seen)
    @rule(place=which)
    def unfreeze(self, place: int) -> None:
        services.unfreeze(self.pick(Hold.objects.filter(state=HoldState.FROZEN), place))
