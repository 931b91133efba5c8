"""The payers' banks: they ask, take payments back, read our evidence, judge, and think again."""

from contextlib import suppress
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from payments import clock, services
from payments.models import Dispute
from payments.sandbox.errors import ApiError
from tests.payments.machine.desk import Desk, refusals, which
from tests.payments.machine.facts import APPEALED, ASKING, JUDGED, TAKEN
from tests.payments.verdicts import say


class Disputes(Desk):
    """In any order and at every stage of what was paid for: held, on its way, at the payee, paid out, refunded."""

    @precondition(lambda self: "charge" in self.seen and "many disputes" not in self.seen)
    @rule(place=which, percent=st.sampled_from([33, 100]), asks_first=st.booleans())
    def a_bank_takes_a_payment_back(self, place: int, percent: int, asks_first: bool) -> None:
        """Also one that was refunded already, or came too late, or that we have not heard of yet."""
        charges = self.at_stripe("charge", "succeeded")
        charge = charges[place % len(charges)]
        amount = max(1, charge["amount"] * percent // 100)
        with suppress(ApiError):  # as much of it is disputed already
            self.control.open_dispute(charge=charge["id"], amount=amount, inquiry=asks_first)

    @precondition(lambda self: "inquiry" in self.seen)
    @rule(place=which, is_content=st.booleans())
    def a_bank_has_asked_enough(self, place: int, is_content: bool) -> None:
        """Its inquiry comes to nothing, or becomes a dispute that takes the money."""
        asking = self.at_stripe("dispute", *ASKING)
        dispute = asking[place % len(asking)]["id"]
        if is_content:
            self.control.close_dispute(dispute=dispute, won=True)
        else:
            self.control.escalate_dispute(dispute=dispute)

    @precondition(lambda self: "dispute known" in self.seen)
    @rule(place=which)
    def answer_the_bank(self, place: int) -> None:
        dispute = self.pick(Dispute.objects.all(), place)
        services.propose_evidence(dispute, {"uncategorized_text": "Two reels, delivered."})
        with refusals():
            services.submit_evidence(dispute, reason="complete", by=self.person())

    @precondition(lambda self: "dispute known" in self.seen)
    @rule()
    def answer_before_the_deadline(self) -> None:
        clock.answer_disputes()

    @precondition(lambda self: {"dispute taken", "dispute appealed"} & self.seen)
    @rule(place=which, won=st.booleans(), fee_back=st.booleans())
    def a_bank_judges(self, place: int, won: bool, fee_back: bool) -> None:
        waiting = self.at_stripe("dispute", *TAKEN, *APPEALED)
        self.judge(waiting[place % len(waiting)], won=won, fee_back=fee_back)

    @precondition(lambda self: "dispute judged" in self.seen)
    @rule(place=which, at_once=st.booleans())
    def a_verdict_is_appealed(self, place: int, at_once: bool) -> None:
        """Or turned round at once. What an appeal against us is about is taken until it is judged."""
        judged = self.at_stripe("dispute", *JUDGED)
        dispute = judged[place % len(judged)]
        if at_once:
            say_verdict(self.bank, dispute, won=dispute["status"] == "lost")
        else:
            say(self.bank, dispute["id"], "appeal_under_review", *missing(dispute, taken=True))

    def judge(self, dispute: dict[str, Any], *, won: bool, fee_back: bool = True) -> None:
        """The bank's word, for the first time or after an appeal."""
        if dispute["status"] in APPEALED:
            say_verdict(self.bank, dispute, won=won)
        else:
            self.control.close_dispute(dispute=dispute["id"], won=won, fee_back=fee_back)

    def rest(self) -> None:
        """In the end every bank has judged, one way and the other."""
        for number, dispute in enumerate(self.at_stripe("dispute", *ASKING, *TAKEN, *APPEALED)):
            self.judge(dispute, won=number % 2 == 0)
        super().rest()


def say_verdict(bank: Any, dispute: dict[str, Any], *, won: bool) -> None:
    say(bank, dispute["id"], "won" if won else "lost", *missing(dispute, taken=not won))


def missing(dispute: dict[str, Any], *, taken: bool) -> list[int]:
    """What must move so that the bank has the money (or we have): its amounts, with their sign."""
    there = sum(line["amount"] for line in dispute["balance_transactions"])
    wanted = -dispute["amount"] if taken else 0
    return [wanted - there] if wanted != there else []
