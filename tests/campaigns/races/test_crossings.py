"""Two hands on different things that hang together: a talk and its end, a campaign and its offers, a seat, a brief."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from campaigns import clock
from campaigns.mail import invite_token
from campaigns.models import Activity, Application, Campaign, Collaboration, Invite, Member, Offer
from campaigns.services import briefs, cancelling, ending, invitations, offers, teams, work
from marketplace.kit import conditional
from marketplace.kit.errors import Conflict
from payments.models import Hold
from payments.services import wallets
from payments.settlement import drawing
from tests import cast as people
from tests.campaigns.conftest import Asked
from tests.campaigns.races.conftest import Act, one_wins, race, then_wait
from tests.cast import Cast, draft

TALKS = [
    ("invitation", "accept", "withdraw"),
    ("invitation", "accept", "decline"),
    ("application", "decline", "withdraw"),
    ("application", "offer", "withdraw"),
    ("application", "shortlist", "decline"),
]
ENDS: dict[str, Callable[..., object]] = {"complete": briefs.complete_campaign, "cancel": briefs.cancel_campaign}


def talk_acts(cast: Cast, case: tuple[str, str, str]) -> list[Act]:
    """Two things that can happen to one invitation or application, each with a row of its own."""
    kind, *verbs = case
    thing: Any = people.invitation(cast) if kind == "invitation" else people.application(cast)
    calls: dict[str, Callable[[Any], object]] = {
        "invitation accept": lambda row: invitations.accept_invitation(row, by=cast.mina),
        "invitation decline": lambda row: invitations.decline_invitation(row, by=cast.mina),
        "invitation withdraw": lambda row: invitations.withdraw_invitation(row, by=cast.manager),
        "application shortlist": lambda row: invitations.shortlist_application(row, by=cast.owner),
        "application decline": lambda row: invitations.decline_application(row, by=cast.manager),
        "application withdraw": lambda row: invitations.withdraw_application(row, by=cast.mina),
        "application offer": lambda row: offers.answer_application(row, terms=draft(), by=cast.manager),
    }
    return [partial(calls[f"{kind} {verb}"], type(thing).objects.get(pk=thing.pk)) for verb in verbs]


@pytest.mark.parametrize("case", TALKS, ids=" ".join)
def test_a_talk_goes_one_way(cast: Cast, together: None, case: tuple[str, str, str]) -> None:
    outcomes = race(*talk_acts(cast, case))

    # Shortlisted and then declined is a way to go, too: both came through, one after the other.
    assert one_wins(outcomes) or ("shortlist" in case and outcomes == [None, None]), outcomes
    assert Offer.objects.count() == Application.objects.filter(state="offered").count()


@pytest.mark.parametrize("case", [case for case in TALKS if "shortlist" not in case], ids=" ".join)
def test_a_talk_without_guards_goes_both_ways(cast: Cast, unguarded: None, case: tuple[str, str, str]) -> None:
    assert race(*talk_acts(cast, case)) == [None, None]


def end_and_offer(cast: Cast, verb: str) -> list[Act]:
    campaign = people.campaign(cast)
    ours, theirs = Campaign.objects.get(pk=campaign.pk), Campaign.objects.get(pk=campaign.pk)
    return [
        lambda: ENDS[verb](ours, by=cast.owner),
        lambda: offers.send_offer(theirs, cast.mina_profile, terms=draft(), by=cast.manager),
    ]


@pytest.mark.parametrize("verb", ENDS)
def test_an_ended_campaign_has_no_open_offer(cast: Cast, together: None, verb: str) -> None:
    ended, sent = race(*end_and_offer(cast, verb))

    assert ended is None
    assert sent is None or isinstance(sent, Conflict)
    assert not Offer.objects.filter(state="sent").exists()


@pytest.mark.parametrize("verb", ENDS)
def test_without_guards_an_ended_campaign_has_an_open_offer(cast: Cast, no_guards: None, verb: str) -> None:
    end, send = end_and_offer(cast, verb)

    end()
    send()

    assert Offer.objects.filter(state="sent", campaign__state__in=["completed", "cancelled"]).exists()


@pytest.mark.parametrize("verb", ENDS)
def test_an_offer_is_signed_or_ends_with_its_campaign(cast: Cast, together: None, verb: str) -> None:
    offer = people.offer(cast)
    campaign, row = Campaign.objects.get(), Offer.objects.get(pk=offer.pk)

    ended, signed = race(
        lambda: ENDS[verb](campaign, by=cast.owner),
        lambda: offers.accept_offer(row, version=1, signature="Mina Park", by=cast.mina),
    )

    assert ended is None
    assert signed is None or isinstance(signed, Conflict)
    offer.refresh_from_db()
    assert offer.state == ("accepted" if signed is None else "withdrawn")
    assert Collaboration.objects.count() == Hold.objects.count() == int(signed is None)


def test_more_time_comes_in_time_or_not_at_all(cast: Cast) -> None:
    """The clock looks for what is over while somebody gives more time; the lock decides who is first."""
    offer = people.offer(cast)
    Offer.objects.update(expires_at=timezone.now() + timedelta(milliseconds=150))

    _, extended = race(_after(0.15, clock.advance), _after(0.13, lambda: offers.extend_offer(offer, by=cast.manager)))

    offer.refresh_from_db()
    assert extended is None or isinstance(extended, Conflict)
    assert (offer.state, offer.extended_at is not None) in {("sent", True), ("expired", False), ("sent", False)}
    assert (extended is None) == (offer.extended_at is not None)


def _after(seconds: float, act: Act) -> Act:
    def waits() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(%s)", [seconds])
        return act()

    return waits


def pay_what_was_called_off(cast: Cast) -> Exception | None:
    """The payer's page was read before the manager called the work off; what pressing its button brings."""
    seen = people.collaboration(cast)
    ending.call_off(Collaboration.objects.get(pk=seen.pk), reason="No.", by=cast.manager)
    (outcome,) = race(lambda: work.pay(seen, by=cast.owner))
    return outcome


def test_nobody_pays_for_what_was_called_off(cast: Cast, bank: Asked) -> None:
    assert isinstance(pay_what_was_called_off(cast), Conflict)
    assert "checkout_url" not in bank
    assert not Activity.objects.filter(verb="pay").exists()


def test_without_guards_somebody_pays_for_what_was_called_off(cast: Cast, bank: Asked, no_guards: None) -> None:
    assert pay_what_was_called_off(cast) is None
    assert "checkout_url" in bank


def test_a_seat_is_taken_or_taken_back(cast: Cast) -> None:
    invite = teams.invite_member(cast.bakery, email=cast.other_creator.email, role="viewer", by=cast.owner)
    token = invite_token(invite.public_id)

    outcomes = race(
        lambda: teams.accept_invite(token, by=cast.other_creator),
        lambda: teams.withdraw_invite(invite, by=cast.owner),
    )

    assert one_wins(outcomes), outcomes
    invite = Invite.objects.get()
    assert (invite.accepted_at is None) != (invite.withdrawn_at is None)
    assert Member.objects.filter(user=cast.other_creator).exists() == (invite.accepted_at is not None)


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has made the tag of what is there waits a moment for the other one."""
    meeting = threading.Barrier(2)
    monkeypatch.setattr(conditional.Conditional, "_compare", then_wait(conditional.Conditional._compare, meeting))


def two_changes(cast: Cast) -> list[int]:
    """Two people change one brief that both have just read; what each was answered."""
    path = f"/api/v1/campaigns/{people.campaign(cast).public_id}/"
    answers: list[int] = []

    def change(user: Any) -> Act:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        tag = client.get(path).headers["ETag"]
        body = json.dumps({"message": f"By {user.name}."})
        return lambda: answers.append(
            client.patch(path, body, content_type="application/json", headers={"If-Match": tag}).status_code
        )

    race(change(cast.manager), change(cast.owner))
    return sorted(answers)


def test_of_two_changes_of_one_state_one_is_told(cast: Cast, slowly: None) -> None:
    assert two_changes(cast) == [200, 412]


def test_without_the_lock_one_change_is_lost(cast: Cast, slowly: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *_args, **_kwargs: rows)

    assert two_changes(cast) == [200, 200]


def two_signatures(cast: Cast) -> list[Act]:
    """Two creators sign at once; the campaign's money is enough for one of them."""
    campaign = people.fund(people.campaign(cast), 218_00)
    acts: list[Act] = []
    for made in (cast.mina_profile, cast.other_profile):
        sent = offers.send_offer(campaign, made, terms=draft(), by=cast.manager)
        row = Offer.objects.select_related("campaign").get(pk=sent.pk)
        assert made.user is not None
        acts.append(partial(offers.accept_offer, row, version=1, signature=made.user.name, by=made.user))
    return acts


def test_the_last_of_the_campaigns_money_pays_for_one_of_two_signatures(cast: Cast) -> None:
    outcomes = race(*two_signatures(cast))

    assert outcomes == [None, None]
    assert sorted(Collaboration.objects.values_list("state", flat=True)) == ["awaiting_payment", "in_production"]


def test_without_the_lock_the_books_still_refuse_to_pay_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = threading.Barrier(2)
    monkeypatch.setattr(wallets, "lock_wallet", lambda _pk: None)
    monkeypatch.setattr(drawing, "left_of_payments", then_wait(drawing.left_of_payments, meeting, 2))

    race(*two_signatures(cast))

    assert Collaboration.objects.filter(state="in_production").count() == 1


def test_the_start_is_said_once(cast: Cast, together: None) -> None:
    made = people.collaboration(cast, state="in_production")
    rows = [Collaboration.objects.get(pk=made.pk) for _ in range(2)]

    outcomes = race(*(partial(cancelling.begin, row, by=cast.mina) for row in rows))

    assert one_wins(outcomes), outcomes
    assert Activity.objects.filter(verb="begin").count() == 1
