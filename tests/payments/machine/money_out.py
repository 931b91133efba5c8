"""Releases, refunds, payees' accounts and payouts, with Stripe and the banks saying yes, no, and no after yes."""

from django.db.models import Q
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from marketplace.kit.money import Money
from payments import services
from payments.models import Account, Hold, Payout, PayoutMethod, Refund
from payments.states import HoldState, PayoutState, RefundState
from tests.payments.machine.desk import CURRENCIES, Desk, refusals, which
from tests.plugins.sandbox import PAGE


class MoneyOut(Desk):
    """From the hold to the payee, or back to the payer."""

    @precondition(lambda self: {"hold secured", "hold frozen", "hold releasing", "hold refunding"} & self.seen)
    @rule(place=which)
    def release(self, place: int) -> None:
        hold = self.pick(Hold.objects.exclude(secured_at=None), place)
        with refusals():
            services.release(hold)

    @precondition(lambda self: "hold secured" in self.seen)
    @rule(place=which)
    def release_what_is_secured(self, place: int) -> None:
        services.release(self.pick(Hold.objects.filter(state=HoldState.SECURED), place))

    @precondition(lambda self: "hold secured" in self.seen)
    @rule(place=which, percent=st.sampled_from([1, 33, 50, 99]))
    def divide(self, place: int, percent: int) -> None:
        hold = self.pick(Hold.objects.filter(state=HoldState.SECURED), place)
        left, _ = hold.left()
        with refusals():
            services.divide(hold, to_payee=Money(left.minor * percent // 100, hold.currency), reason="a kill fee")

    @rule(route=st.sampled_from(["POST /v1/transfers", "POST /v1/refunds", "POST /v1/transfers/{id}/reversals"]))
    def stripe_says_no(self, route: str) -> None:
        self.control.fault(route=route, kind="400", count=1)

    @precondition(lambda self: {"hold secured", "hold frozen", "hold releasing", "hold refunding"} & self.seen)
    @rule(place=which, percent=st.sampled_from([1, 33, 50, 99, 100]))
    def refund(self, place: int, percent: int) -> None:
        hold = self.pick(Hold.objects.exclude(secured_at=None), place)
        amount = None if percent == 100 else Money(max(1, hold.amount.minor * percent // 100), hold.currency)
        with refusals():
            services.refund(hold, amount=amount, reason="called off")

    @precondition(lambda self: {"refund refused", "refund failed"} & self.seen)
    @rule(place=which)
    def refund_again(self, place: int) -> None:
        failed = Refund.objects.filter(state__in=[RefundState.REFUSED, RefundState.FAILED])
        with refusals():
            services.refund_again(self.pick(failed, place), reason="the bank is sorry", by=self.person())

    @precondition(lambda self: {"refund sending", "refund succeeded"} & self.seen)
    @rule(place=which)
    def the_payers_bank_sends_a_refund_back(self, place: int) -> None:
        arrived = self.bank.sandbox.engine.world.store.marked("refund", "", "status", "succeeded")
        if arrived:
            self.control.fail_refund(refund=arrived[place % len(arrived)][1]["id"])

    @precondition(lambda self: {"refund sending", "refund succeeded", "transfer refused"} & self.seen)
    @rule(currency=st.sampled_from(CURRENCIES))
    def top_up_the_reserve(self, currency: str) -> None:
        self.control.add_funds(amount=50_000, currency=currency.lower())
        self.control.settle()


class Payees(Desk):
    """Their accounts at Stripe, and the way to their bank."""

    @precondition(lambda self: "payee not ready" in self.seen)
    @rule(place=which)
    def start_onboarding(self, place: int) -> None:
        payee = self.pick(Account.objects.payees().filter(~Q(transfers_active=True, payouts_enabled=True)), place)
        services.start_onboarding(payee, return_url=PAGE, refresh_url=PAGE)

    @precondition(lambda self: "payee known" in self.seen)
    @rule(place=which, own=st.booleans())
    def answer_stripes_questions(self, place: int, own: bool) -> None:
        """With a bank account in the currency of their work, or in that of their country."""
        payee = self.pick(Account.objects.payees().exclude(stripe_account_id=None), place)
        currency = payee.currency.lower() if own else ""
        self.control.complete_onboarding(account=payee.stripe_account_id, currency=currency)

    @precondition(lambda self: "payee ready" in self.seen)
    @rule(place=which)
    def stripe_disables_an_account(self, place: int) -> None:
        payee = self.pick(Account.objects.payees().exclude(stripe_account_id=None), place)
        self.control.disable_account(account=payee.stripe_account_id)

    @precondition(lambda self: "payee known" in self.seen)
    @rule(place=which)
    def ask_how_the_account_stands(self, place: int) -> None:
        services.refresh_account(self.pick(Account.objects.payees(), place))

    @precondition(lambda self: {"transfer sending", "transfer confirmed"} & self.seen)
    @rule()
    def pending_money_becomes_available(self) -> None:
        self.control.settle()

    @precondition(lambda self: "transfer confirmed" in self.seen)
    @rule(place=which)
    def ask_for_a_payout(self, place: int) -> None:
        self.control.settle()
        with refusals():
            services.request_payout(self.pick(Account.objects.payees(), place))

    @precondition(lambda self: "transfer confirmed" in self.seen)
    @rule(place=which, bps=st.sampled_from([0, 100, 250]))
    def ask_for_an_instant_payout(self, place: int, bps: int) -> None:
        """At a price that may change before Stripe is asked to send it."""
        self.control.settle()
        with refusals():
            services.request_payout(self.pick(Account.objects.payees(), place), method=PayoutMethod.INSTANT)
        self.control.set_instant_price(bps=bps)

    @precondition(lambda self: "payee ready" in self.seen)
    @rule(place=which, own=st.booleans())
    def name_another_bank_account(self, place: int, own: bool) -> None:
        payee = self.pick(Account.objects.payees().exclude(stripe_account_id=None), place)
        currency = payee.currency.lower() if own else ""
        self.control.change_bank(account=payee.stripe_account_id, currency=currency)

    @precondition(lambda self: "transfer confirmed" in self.seen)
    @rule()
    def pay_out_at_night(self) -> None:
        services.nightly_payouts()

    @precondition(lambda self: {"payout requested", "payout on_its_way", "payout paid"} & self.seen)
    @rule(place=which, arrives=st.booleans())
    def the_payees_bank_answers(self, place: int, arrives: bool) -> None:
        """A payout that arrived may still come back."""
        payout = self.pick(Payout.objects.exclude(state=PayoutState.REFUSED), place)
        made = self.bank.sandbox.engine.world.maybe(payout.stripe_id or "")
        if made and arrives and made["status"] == "pending":
            self.control.pay_payout(payout=made["id"])
        if made and not arrives and made["status"] in {"pending", "paid"}:
            self.control.fail_payout(payout=made["id"])
