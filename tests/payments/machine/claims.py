"""Money wanted back after the release: reversed as far as it is there, owed as far as it is not."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from marketplace.kit.money import Money
from payments import services
from payments.models import Claim, Hold
from payments.states import HoldState
from tests.payments.machine.desk import Desk, refusals, which


class Claims(Desk):
    """All of it is decided by a person."""

    @precondition(lambda self: "hold released" in self.seen)
    @rule(place=which, percent=st.sampled_from([1, 33, 50, 100]))
    def take_back(self, place: int, percent: int) -> None:
        hold = self.pick(Hold.objects.filter(state=HoldState.RELEASED), place)
        amount = None if percent == 100 else Money(max(1, hold.amount.minor * percent // 100), hold.currency)
        with refusals():
            services.take_back(hold, amount=amount, reason="it was taken down", by=self.person())

    @precondition(lambda self: "claim open" in self.seen)
    @rule(place=which)
    def recover_a_claim(self, place: int) -> None:
        with refusals():
            services.recover_claim(self.pick(Claim.objects.all(), place), reason="there is money now", by=self.person())

    @precondition(lambda self: "claim open" in self.seen)
    @rule(place=which)
    def write_off_a_claim(self, place: int) -> None:
        with refusals():
            services.write_off_claim(self.pick(Claim.objects.all(), place), reason="too little", by=self.person())
