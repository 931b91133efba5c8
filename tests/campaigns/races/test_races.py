"""Who is second is told so, and nothing happens twice. Each race first shows that it can be lost without the guards."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from campaigns import clock
from campaigns.models import Activity, Application, Campaign, Collaboration, Member, Offer
from campaigns.services import briefs, cancelling, ending, invitations, offers, teams, work
from campaigns.services.work import Change
from marketplace.kit.errors import Conflict
from marketplace.trust.models import Strike
from payments.models import Hold
from tests import cast as people
from tests.campaigns.conftest import Asked
from tests.campaigns.races.conftest import Act, one_wins, race
from tests.cast import Cast, draft

SIGN = "Mina Park"
CHANGES = [Change(item="Disclosure: #ad", text="Say it first.")]


def offer_acts(cast: Cast, pair: tuple[str, str]) -> list[Act]:
    """Two things that can happen to one offer, each with a row of its own as another process would have."""
    offer = people.offer(cast)
    if set(pair) & {"agree", "revise"}:
        offers.counter_offer(offer, terms=draft(21_000), by=cast.mina)
    calls: dict[str, Callable[[Offer], object]] = {
        "accept": lambda row: offers.accept_offer(row, version=1, signature=SIGN, by=cast.mina),
        "withdraw": lambda row: offers.withdraw_offer(row, by=cast.manager),
        "decline": lambda row: offers.decline_offer(row, by=cast.mina),
        "counter": lambda row: offers.counter_offer(row, terms=draft(21_000), by=cast.mina),
        "expire": offers.expire_offer,
        "agree": lambda row: offers.agree_offer(row, by=cast.manager),
        "revise": lambda row: offers.revise_offer(row, terms=draft(19_000), by=cast.owner),
    }
    return [partial(calls[name], Offer.objects.get(pk=offer.pk)) for name in pair]


OFFER_RACES = [
    ("accept", "accept"), ("accept", "withdraw"), ("accept", "expire"), ("decline", "counter"), ("agree", "revise"),
]  # fmt: skip


@pytest.mark.parametrize("pair", OFFER_RACES, ids="-".join)
def test_an_offer_has_one_end(cast: Cast, together: None, pair: tuple[str, str]) -> None:
    outcomes = race(*offer_acts(cast, pair))

    assert one_wins(outcomes), outcomes
    accepted = Offer.objects.get().state == "accepted"
    assert Collaboration.objects.count() == Hold.objects.count() == int(accepted)


@pytest.mark.parametrize("pair", OFFER_RACES, ids="-".join)
def test_an_offer_without_guards_has_two_ends(cast: Cast, unguarded: None, pair: tuple[str, str]) -> None:
    assert not one_wins(race(*offer_acts(cast, pair)))


@pytest.mark.parametrize("other", ["agree", "revise"])
def test_a_withdrawn_offer_stays_withdrawn(cast: Cast, together: None, other: str) -> None:
    """What is agreed to may still be withdrawn: both may come through, but never the other way about."""
    withdrawn, refused = race(*offer_acts(cast, ("withdraw", other)))

    assert withdrawn is None
    assert refused is None or isinstance(refused, Conflict)
    assert Offer.objects.get().state == "withdrawn"
    assert Activity.objects.filter(thing="offer").latest("pk").verb == "withdraw"


@pytest.mark.parametrize("other", ["agree", "revise"])
def test_a_withdrawn_offer_without_guards_comes_back(cast: Cast, no_guards: None, other: str) -> None:
    withdraw, come_back = offer_acts(cast, ("withdraw", other))

    withdraw()
    come_back()

    assert Offer.objects.get().state == "sent"


def work_acts(cast: Cast, state: str, *verbs: str) -> list[Act]:
    """Things that can happen to one piece of work, each with a row of its own as another process would have."""
    made = people.collaboration(cast, state=state)
    if state == "in_production":
        Collaboration.objects.filter(pk=made.pk).update(due_at=made.signed_at - timedelta(days=9))
    calls: dict[str, Callable[[Collaboration], object]] = {
        "approve": lambda row: work.approve_work(row, by=cast.manager),
        "approve by the clock": lambda row: work.approve_work(row, by=None),
        "request changes": lambda row: work.request_changes(row, changes=CHANGES, by=cast.owner),
        "accept live": lambda row: work.accept_live(row, by=cast.manager),
        "accept live by the clock": lambda row: work.accept_live(row, by=None),
        "submit": lambda row: work.submit_work(row, link="https://example.org/x", by=cast.mina),
        "cancel": lambda row: ending.cancel(row, reason="Ill.", by=cast.mina),
        "put on hold": lambda row: ending.put_on_hold(row, reason="Look.", by=cast.admin),
        "release": lambda row: ending.settle_release(row, reason="Done.", by=cast.admin),
        "refund": lambda row: ending.settle_refund(row, reason="Not done.", by=cast.admin),
        "mark live": lambda row: work.mark_live(row, url="https://example.org/p/1", by=cast.mina),
        "cancel late": lambda row: ending.cancel_late(row, reason="Late.", by=cast.manager),
        "cancel paid": lambda row: cancelling.cancel_paid(row, keeps_minor=10_000, reason="No.", by=cast.manager),
        "call off": lambda row: ending.call_off(row, reason="No.", by=cast.manager),
    }
    return [partial(calls[verb], Collaboration.objects.get(pk=made.pk)) for verb in verbs]


WORK_RACES = [
    ("in_review", "approve", "request changes"),
    ("in_review", "approve", "approve by the clock"),
    ("live", "accept live", "accept live by the clock"),
    ("live", "accept live", "put on hold"),
    ("in_production", "submit", "cancel"),
    ("in_production", "submit", "cancel late"),
    ("approved", "mark live", "mark live"),
    ("on_hold", "release", "refund"),
    ("awaiting_payment", "call off", "cancel"),
]


# The amount that was read is a guard of its own, which cannot be switched off: no counter-proof for these.
PRICED_RACES = [
    ("in_review", "cancel paid", "approve"),
    ("in_review", "cancel paid", "approve by the clock"),
    ("in_review", "cancel paid", "cancel paid"),
]


@pytest.mark.parametrize("case", [*WORK_RACES, *PRICED_RACES], ids=" - ".join)
def test_work_goes_one_way(cast: Cast, bank: Asked, together: None, case: tuple[str, str, str]) -> None:
    outcomes = race(*work_acts(cast, *case))

    assert one_wins(outcomes), outcomes
    moving = [asked for asked in bank if asked in {"release", "divide", "refund", "expire_hold"}]
    assert len(moving) <= 1


@pytest.mark.parametrize("case", WORK_RACES, ids=" - ".join)
def test_work_without_guards_goes_both_ways(
    cast: Cast, bank: Asked, unguarded: None, case: tuple[str, str, str]
) -> None:
    assert not one_wins(race(*work_acts(cast, *case)))


def starting_and_cancelling(cast: Cast) -> list[Act]:
    """The manager has read that nothing is due; the creator says in this moment that they have started."""
    made = people.collaboration(cast, state="in_production")
    ours, theirs = (Collaboration.objects.get(pk=made.pk) for _ in range(2))
    return [
        lambda: cancelling.cancel_paid(ours, keeps_minor=0, reason="No.", by=cast.manager),
        lambda: cancelling.begin(theirs, by=cast.mina),
    ]


def test_starting_and_cancelling_for_nothing_do_not_both_happen(cast: Cast, bank: Asked, together: None) -> None:
    outcomes = race(*starting_and_cancelling(cast))

    assert one_wins(outcomes), outcomes
    assert bank == (["divide"] if outcomes[0] is None else [])


def two_offers(cast: Cast) -> list[Act]:
    campaign = people.campaign(cast, budget_minor=30_000)
    creators = [cast.mina_profile, cast.other_profile]

    def to(creator: Any) -> Act:
        row = type(campaign).objects.get(pk=campaign.pk)
        return lambda: offers.send_offer(row, creator, terms=draft(20_000), by=cast.manager)

    return [to(creator) for creator in creators]


def test_two_offers_cannot_share_one_budget(cast: Cast, together: None) -> None:
    outcomes = race(*two_offers(cast))

    assert one_wins(outcomes), outcomes
    assert Offer.objects.count() == 1


def test_two_offers_without_guards_exceed_the_budget(cast: Cast, unguarded: None) -> None:
    assert race(*two_offers(cast)) == [None, None]


def test_the_payment_starts_the_work_once(cast: Cast, bank: Asked, together: None) -> None:
    made = people.collaboration(cast)

    outcomes = race(lambda: work.start(made.hold), lambda: work.start(made.hold))

    assert outcomes == [None, None]
    assert Activity.objects.filter(verb="start").count() == 1


def test_the_payment_without_guards_starts_it_twice(cast: Cast, bank: Asked, unguarded: None) -> None:
    made = people.collaboration(cast)

    race(lambda: work.start(made.hold), lambda: work.start(made.hold))

    assert Activity.objects.filter(verb="start").count() == 2


def test_two_clocks_end_unpaid_work_once(cast: Cast, together: None) -> None:
    made = people.collaboration(cast)
    Collaboration.objects.filter(pk=made.pk).update(due_at=made.signed_at)

    outcomes = race(clock.advance, clock.advance)

    assert outcomes == [None, None]
    assert Activity.objects.filter(verb="expire").count() == Strike.objects.count() == 1


def test_a_payment_and_the_end_of_the_time_to_pay(cast: Cast) -> None:
    made = people.collaboration(cast)
    Collaboration.objects.filter(pk=made.pk).update(due_at=made.signed_at)

    race(lambda: people.secure(made), clock.advance)

    states = Collaboration.objects.get().state, Hold.objects.get().state
    assert states in {("in_production", "secured"), ("expired", "expired")}


def test_two_owners_cannot_leave_at_once(cast: Cast, together: None) -> None:
    Member.objects.filter(user=cast.manager).update(role="owner")

    outcomes = race(lambda: teams.leave(cast.bakery, by=cast.owner), lambda: teams.leave(cast.bakery, by=cast.manager))

    assert one_wins(outcomes), outcomes


def test_two_owners_without_guards_leave_nobody(cast: Cast, unguarded: None) -> None:
    Member.objects.filter(user=cast.manager).update(role="owner")

    race(lambda: teams.leave(cast.bakery, by=cast.owner), lambda: teams.leave(cast.bakery, by=cast.manager))

    assert not Member.objects.filter(business=cast.bakery, role="owner").exists()


def test_the_twentieth_application_is_the_last(cast: Cast, settings: Any) -> None:
    settings.OPEN_APPLICATIONS_MAX = 1
    first, second = people.campaign(cast), people.campaign(cast)

    outcomes = race(
        lambda: invitations.apply_to_campaign(first, message="Me", by=cast.mina),
        lambda: invitations.apply_to_campaign(second, message="Me", by=cast.mina),
    )

    assert one_wins(outcomes), outcomes
    assert Application.objects.count() == 1


def test_an_invitation_is_sent_once(cast: Cast) -> None:
    campaign = people.campaign(cast)

    outcomes = race(
        *[lambda: invitations.invite_creator(campaign, cast.mina_profile, by=cast.manager) for _ in range(3)]
    )

    assert outcomes.count(None) == 1
    assert all(o is None or isinstance(o, Conflict) for o in outcomes)


def apply_while_it_ends(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[Exception | None]:
    """Mina applies; when she has looked whether the campaign is open, and before she is written down, it ends."""
    campaign, looked, ended = people.campaign(cast), threading.Event(), threading.Event()
    deadline = invitations._deadline

    def wait_for_the_end(name: str) -> datetime:
        looked.set()
        ended.wait(0.5)
        return deadline(name)

    def end() -> None:
        looked.wait(5)
        briefs.cancel_campaign(Campaign.objects.get(), by=cast.manager)
        ended.set()

    monkeypatch.setattr(invitations, "_deadline", wait_for_the_end)
    return race(lambda: invitations.apply_to_campaign(campaign, message="Me", by=cast.mina), end)


def test_an_application_ends_with_its_campaign(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert apply_while_it_ends(cast, monkeypatch) == [None, None]

    assert Application.objects.get().state == "declined"


def test_an_application_without_guards_outlives_its_campaign(
    cast: Cast, no_guards: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply_while_it_ends(cast, monkeypatch)

    assert (Campaign.objects.get().state, Application.objects.get().state) == ("cancelled", "submitted")
