"""What happens to everybody: faults, news in any order or none, workers that die, and time."""

from datetime import timedelta
from typing import Any
from unittest import mock

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from payments import clock, ledger
from payments.models import Operation, StripeEvent
from payments.settlement import inbox, sending
from tests.payments.machine.desk import Desk, which

ROUTES = (
    "*", "POST /v1/transfers", "POST /v1/refunds", "POST /v1/payouts", "POST /v1/checkout/sessions",
    "POST /v1/customers", "POST /v1/accounts", "GET /v1/payment_intents/{intent}", "GET /v1/events",
    "GET /v1/transfers", "POST /v1/transfers/{id}/reversals", "POST /v1/disputes/{dispute}",
    "GET /v1/disputes/{dispute}",
)  # fmt: skip
TROUBLES = (("cut", False), ("cut", True), ("429", False), ("409", False), ("500", False), ("500", True))
DEATHS: dict[str, tuple[Any, str]] = {
    "before the call": (sending, "_ask"),
    "after the answer": (sending, "settle"),
    "inside the settling": (ledger, "post"),
    "before the commit": (sending, "_end"),
}
PAUSES = {
    "a moment": timedelta(seconds=3),
    "a lease": timedelta(seconds=130),
    "an hour": timedelta(hours=1, minutes=5),
    "past 20 hours": timedelta(hours=21),
    "past a day": timedelta(hours=25),
    "four days": timedelta(days=4, hours=1),
}


class Killed(BaseException):
    """A worker's end, as far as one process can play it: the transaction is gone, the claim is not."""


class Weather(Desk):
    """Stripe in trouble, and time passing."""

    @rule(route=st.sampled_from(ROUTES), trouble=st.sampled_from(TROUBLES), count=st.integers(1, 2))
    def stripe_is_in_trouble(self, route: str, trouble: tuple[str, bool], count: int) -> None:
        kind, after = trouble
        self.control.fault(route=route, kind=kind, after=after, count=count)

    @precondition(lambda self: "trouble" in self.seen)
    @rule()
    def the_trouble_is_over(self) -> None:
        self.control.clear_faults()

    @rule(pause=st.sampled_from(sorted(PAUSES)))
    def time_passes(self, pause: str) -> None:
        self.pass_time(PAUSES[pause])


class News(Desk):
    """Webhooks: one by one in any order, doubled, repeated, shuffled, lost, and caught up."""

    @precondition(lambda self: "news" in self.seen)
    @rule(place=which, times=st.integers(1, 2))
    def one_letter_comes(self, place: int, times: int) -> None:
        waiting = len(self.news())
        self.bring([place % waiting], times=times)

    @precondition(lambda self: "news" in self.seen)
    @rule(order=st.randoms(use_true_random=False))
    def all_letters_come(self, order: Any) -> None:
        places = list(range(len(self.news())))
        order.shuffle(places)
        self.bring(places)

    @precondition(lambda self: "news" in self.seen)
    @rule(place=which)
    def one_letter_is_lost(self, place: int) -> None:
        waiting = self.news()
        waiting.pop(place % len(waiting))

    @precondition(lambda self: "news" in self.seen)
    @rule()
    def all_letters_are_lost(self) -> None:
        self.news().clear()

    @precondition(lambda self: "event" in self.seen)
    @rule(place=which)
    def an_old_letter_comes_again(self, place: int) -> None:
        self.control.resend(event=self.pick(StripeEvent.objects.all(), place).event_id)
        self.bring([len(self.news()) - 1])

    @precondition(lambda self: "unheard" in self.seen)
    @rule()
    def lost_news_is_caught_up(self) -> None:
        clock.catch_up()


class Workers(Desk):
    """One act at a time, the sweep, and death at the worst moments."""

    @precondition(lambda self: "operation due" in self.seen)
    @rule(place=which)
    def send_one(self, place: int) -> None:
        sending.run(self.pick(Operation.objects.due(timezone.now()), place).pk)

    @precondition(lambda self: "event due" in self.seen)
    @rule(place=which)
    def read_one(self, place: int) -> None:
        inbox.read(self.pick(StripeEvent.objects.due(timezone.now()), place).pk)

    @precondition(lambda self: {"operation due", "event due", "transfer waiting"} & self.seen)
    @rule()
    def sweep(self) -> None:
        clock.sweep()

    @precondition(lambda self: {"operation due", "event due", "news"} & self.seen)
    @rule()
    def a_quiet_moment(self) -> None:
        """All news is brought and everything that is due is done; what waits for its time goes on waiting."""
        self.bring(range(len(self.news())))
        clock.sweep()

    @precondition(lambda self: "operation due" in self.seen)
    @rule(place=which, moment=st.sampled_from(sorted(DEATHS)))
    def a_worker_dies_while_it_sends(self, place: int, moment: str) -> None:
        operation = self.pick(Operation.objects.due(timezone.now()), place)
        with mock.patch.object(*DEATHS[moment], side_effect=Killed):
            self.until_death(lambda: sending.run(operation.pk))

    @precondition(lambda self: "event due" in self.seen)
    @rule(place=which)
    def a_worker_dies_while_it_reads(self, place: int) -> None:
        event = self.pick(StripeEvent.objects.due(timezone.now()), place)
        with mock.patch.object(inbox, "_end", side_effect=Killed):
            self.until_death(lambda: inbox.read(event.pk))

    @staticmethod
    def until_death(act: Any) -> None:
        try:
            act()
        except Killed:
            return
