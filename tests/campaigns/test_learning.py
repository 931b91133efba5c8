"""What was shown is kept, what came of it is read, and nothing ranks by what was learned until somebody says so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns import clock, shortlist
from campaigns.matching import FIRST
from campaigns.matching.learning import Event, examined
from campaigns.models import Campaign, Collaboration, Impression, LearnedWeights, MatchRun
from campaigns.services.matches import see_matches
from campaigns.services.weights import promote_weights, retire_weights
from campaigns.shortlist import learning
from campaigns.shortlist.impressions import events, seen_lately
from campaigns.shortlist.learning import learn_weights, ranking_weights
from campaigns.states import CollaborationState, InvitationState, WeightsState
from creators.models import CreatorNiche
from marketplace.kit.errors import Conflict, Invalid
from marketplace.trust.models import AuditEntry
from tests import cast as people
from tests.cast import Cast


def run_for(campaign: Campaign, *, is_seen: bool = True) -> MatchRun:
    """A ranking whose whole list somebody looks at, unless nobody does."""
    run = MatchRun.objects.create(campaign=campaign, brief_hash="x")
    assert shortlist.run_match(run.pk)
    run.refresh_from_db()
    if is_seen:
        see_matches(run, list(run.matches.all()))
    return run


def weights(version: str = "learned/1", *, better: bool = True) -> LearnedWeights:
    report: dict[str, Any] = {
        "learned": 0.4, "before": 0.3, "low": 0.02, "high": 0.2, "campaigns": 40, "against": FIRST.version
    }  # fmt: skip
    parts = {"niche": 0.2, "engagement": 0.8}
    return LearnedWeights.objects.create(version=version, parts=parts, events=3_000, better=better, report=report)


def test_every_place_that_was_seen_is_kept_as_it_was_shown(cast: Cast) -> None:
    run = run_for(people.campaign(cast))
    run_for(run.campaign)

    shown = list(Impression.objects.filter(run=run).order_by("position"))
    assert [(row.position, row.creator) for row in shown] == [(m.rank, m.creator) for m in run.matches.all()]
    assert [row.propensity for row in shown] == [examined(1), examined(2)]
    assert {row.weights_version for row in shown} == {FIRST.version}
    assert set(shown[0].values) == {name for name, part in run.matches.all()[0].parts.items() if part["known"]}
    assert Impression.objects.count() == 4


def test_a_ranking_that_nobody_looked_at_teaches_nothing(cast: Cast) -> None:
    run = run_for(people.campaign(cast), is_seen=False)

    assert run.matches.exists()
    assert not Impression.objects.exists()
    assert events() == []


def test_the_page_shows_its_places_once_and_only_to_the_team(cast: Cast, client: Client) -> None:
    for number in range(30):
        people.creator(None, f"c{number}", followers=1000 + number)
    run = run_for(people.campaign(cast), is_seen=False)
    page = reverse("shortlist", args=[run.campaign.public_id])

    client.force_login(cast.mina)
    assert client.get(page).status_code == 404
    client.force_login(cast.viewer)
    client.head(page)
    assert not Impression.objects.exists()

    first = client.get(page)
    at = Impression.objects.filter(position=1).values_list("shown_at", flat=True)[0]
    client.get(page)

    assert list(Impression.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 25))
    assert Impression.objects.get(position=1).shown_at == at
    client.get(f"{page}{first.context['matches'].next}")
    assert Impression.objects.count() == 32


def test_the_api_shows_the_whole_list(cast: Cast, client: Client) -> None:
    run = run_for(people.campaign(cast), is_seen=False)
    client.force_login(cast.viewer)

    client.get(f"/api/v1/campaigns/{run.campaign.public_id}/matches/")

    assert Impression.objects.filter(run=run).count() == run.matches.count() == 2


def test_newcomers_are_marked_and_how_unevenly_the_pool_was_shown_is_noted(cast: Cast) -> None:
    for number in range(120):
        people.creator(None, f"c{number}", followers=1000 + number)
    campaign = people.campaign(cast)

    first, second = run_for(campaign), run_for(campaign)

    explored = Impression.objects.filter(run=first, policy="explore/1").order_by("position")
    assert [row.position for row in explored] == list(range(10, 101, 10))
    assert "new creators are seen" in first.matches.get(rank=10).change
    assert (first.unevenness, second.unevenness) == (0, 0)  # nobody yet, then 24 places for 24 creators
    assert seen_lately().times(np.array([first.matches.get(rank=1).creator_id])).tolist() == [2]


def test_what_was_only_shown_was_not_asked(cast: Cast) -> None:
    run_for(people.campaign(cast))

    assert [(event.asked, event.gain) for event in events()] == [(False, None), (False, None)]


def shown_before(campaign: Campaign) -> None:
    """A shortlist from before anything that the campaign has been through."""
    run_for(campaign)
    Impression.objects.filter(campaign=campaign).update(shown_at=campaign.created_at)


def gains() -> list[float | None]:
    return [event.gain for event in events() if event.asked]


def test_each_outcome_has_its_gain(cast: Cast) -> None:
    made = people.collaboration(cast)
    shown_before(made.offer.campaign)
    assert gains() == [1.0]

    Collaboration.objects.update(state=CollaborationState.APPROVED)
    assert gains() == [2.0]

    people.collaboration(cast, state=CollaborationState.COMPLETED)
    assert gains() == [3.0]


def test_not_for_me_costs_and_silence_says_nothing(cast: Cast) -> None:
    invited = people.invitation(cast)
    shown_before(invited.campaign)
    assert gains() == [None]

    type(invited).objects.update(state=InvitationState.DECLINED)
    assert gains() == [-0.4]


def test_who_was_asked_before_being_shown_teaches_nothing(cast: Cast) -> None:
    run_for(people.invitation(cast).campaign)
    shown_before(people.application(cast).campaign)

    assert [event.asked for event in events()] == [False, False]  # the other creator of both campaigns


def test_a_creator_is_one_event_however_often_they_were_shown(cast: Cast) -> None:
    campaign = people.campaign(cast)
    run_for(campaign)
    run_for(campaign)

    assert len(events()) == 2


def test_little_is_not_learned_from(cast: Cast) -> None:
    run_for(people.campaign(cast))

    clock.learn()

    assert LearnedWeights.objects.count() == 0
    assert ranking_weights() is FIRST


def market(count: int = 80) -> list[Event]:
    random = np.random.default_rng(2)
    found = []
    for campaign in range(count):
        for position in range(1, 31):
            values = {name: float(random.random()) for name in FIRST.parts}
            asked = bool(values["niche"] > 0.8)
            found.append(Event(campaign, values, examined(position), asked, 1.0 if asked else None))
    return found


def test_what_is_learned_stays_in_the_shadow_until_an_admin_promotes_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    CreatorNiche.objects.create(creator=cast.mina_profile, niche=cast.baking, weight=1.0)
    monkeypatch.setattr(learning, "events", market)
    row = learn_weights()

    assert row is not None
    assert (row.state, row.better, row.report["against"]) == (WeightsState.SHADOW, True, FIRST.version)
    assert run_for(people.campaign(cast)).weights_version == FIRST.version

    promote_weights(row, reason="Better.", by=cast.admin)

    run = run_for(people.campaign(cast))
    assert run.weights_version == row.version
    for match in run.matches.all():
        assert match.score == pytest.approx(sum(part["points"] for part in match.parts.values()), abs=1e-8)
    assert set(Impression.objects.filter(run=run).values_list("weights_version", flat=True)) == {row.version}
    assert AuditEntry.objects.get(act="learned_weights.promote").by == cast.admin


def test_the_clock_learns_at_its_hour_and_not_at_others(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    learned: list[int] = []
    monkeypatch.setattr(shortlist, "learn_weights", lambda: learned.append(1))
    for hour in range(24):
        with time_machine.travel(timezone.localtime().replace(hour=hour), tick=False):
            clock.learn()
            assert bool(learned) == (hour >= clock.LEARNS)

    assert learned == [1]


def test_nothing_new_is_learned_from_the_same_events(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(learning, "events", market)

    assert learn_weights() is not None
    assert learn_weights() is None


def test_weights_that_are_not_better_never_rank(cast: Cast) -> None:
    row = weights(better=False)

    with pytest.raises(Conflict, match="not better"):
        promote_weights(row, reason="Please.", by=cast.admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        LearnedWeights.objects.update(state=WeightsState.PROMOTED)

    assert ranking_weights() is FIRST


def test_one_set_ranks_and_the_prior_comes_back(cast: Cast) -> None:
    first, second = weights("learned/1"), weights("learned/2")
    promote_weights(first, reason="Better.", by=cast.admin)
    promote_weights(second, reason="Better still.", by=cast.admin)
    first.refresh_from_db()

    assert first.state == WeightsState.RETIRED
    assert ranking_weights().version == "learned/2"

    retire_weights(second, reason="Worse.", by=cast.admin)
    assert ranking_weights() is FIRST
    with pytest.raises(Conflict):
        retire_weights(second, reason="Again.", by=cast.admin)


def test_a_reason_is_asked_for(cast: Cast) -> None:
    with pytest.raises(Invalid):
        promote_weights(weights(), reason=" ", by=cast.admin)

    assert LearnedWeights.objects.get().state == WeightsState.SHADOW


def test_an_admin_reads_how_weights_were_judged_and_promotes_them(cast: Cast) -> None:
    row, client = weights(), Client()
    client.force_login(cast.admin, backend="django.contrib.auth.backends.ModelBackend")

    for name, args in (("changelist", []), ("change", [row.pk])):
        page = client.get(reverse(f"admin:campaigns_learnedweights_{name}", args=args)).content.decode()
        assert "0.400 against 0.300 by first/1" in page
        assert f"/admin/campaigns/learnedweights/{row.pk}/do/promote/" in page
    path = reverse("admin:campaigns_learnedweights_verb", args=[row.pk, "promote"])
    assert client.post(path, {"reason": "Better."}).status_code == 302

    row.refresh_from_db()
    assert row.state == WeightsState.PROMOTED
