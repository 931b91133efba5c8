"""What has happened before an example begins, so that its few steps reach far: each example has one of these pasts."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from marketplace.kit.money import Money
from payments import services
from payments.models import Account, Hold, Wallet
from tests.payments.machine.desk import Desk

LARGE = 2_000_00  # above what we bear of a loss, so that payees can owe
PASTS = (
    "nothing", "held", "released", "paid out", "crew held", "crew half paid", "wallet drawn", "wallet released",
    "wallet crew half paid",
)  # fmt: skip
BANKS = ("is quiet", "is quiet", "takes it", "keeps it")


class Beginnings(Desk):
    """The past of the newest payment: of one payee or of two, by page or out of a wallet, and what its bank did."""

    @initialize(past=st.sampled_from(PASTS), bank=st.sampled_from(BANKS))
    def something_has_happened(self, past: str, bank: str) -> None:
        if past != "nothing":
            self.work_was_paid(past)
        if bank != "is quiet":
            dispute = self.control.open_dispute(charge=self.at_stripe("charge", "succeeded")[-1]["id"])
            self.bank.settle_down()
            if bank == "keeps it":
                self.control.close_dispute(dispute=dispute["id"], won=False)
                self.bank.settle_down()

    def work_was_paid(self, past: str) -> None:
        ready = Account.objects.payees().get(transfers_active=True)
        crew = sorted(self.crew(), key=lambda payee: payee != ready)
        hold = self.open(LARGE, ready, shares=[(one, 1) for one in crew] if "crew" in past else ())
        self.secure(hold, by_wallet="wallet" in past)
        if not past.endswith(("held", "drawn")):
            services.release(hold)
            self.bank.settle_down()
        if past == "paid out":
            self.bank.paid_out(ready)

    def secure(self, hold: Hold, *, by_wallet: bool) -> None:
        if by_wallet:
            wallet = Wallet.objects.get()
            self.bank.fill(wallet, Money(3_000_00, wallet.currency))
            self.bank.settle_down()
            services.draw(wallet, hold)
        else:
            self.bank.pay(hold)
            self.bank.settle_down()
            hold.refresh_from_db()
