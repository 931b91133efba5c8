"""The best possible plan on request: asked once, computed apart within limits, told with what is proved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from campaigns import clock, shortlist
from campaigns.matching.planning import Limits, plan
from campaigns.matching.planning.parcel import pack, unpack
from campaigns.models import Campaign, PlanProof
from campaigns.services.plans import PROOFS_AN_HOUR, Wanted, prove_plan
from campaigns.shortlist import proving
from creators.models import Creator
from marketplace.kit.errors import Conflict, NotAllowed
from marketplace.kit.money import Money
from tests import cast as people
from tests.campaigns.matching.candidates import candidates
from tests.campaigns.test_plans import priced
from tests.cast import Cast

Bell = list[tuple[str, dict[str, Any]]]


def asked(cast: Cast, campaign: Campaign, **wanted: Any) -> PlanProof:
    return prove_plan(campaign, Wanted(**wanted), by=cast.viewer)


def answered(proof: PlanProof) -> PlanProof:
    assert shortlist.prove(proof.pk)
    proof.refresh_from_db()
    return proof


def test_the_process_apart_answers_as_the_search_bounds_it() -> None:
    them, limits = candidates(60), Limits(budget_minor=60_000, most=5)

    answer = proving.solve_apart(them, limits, seconds=10)

    proposed = plan(them, limits, step_minor=0)
    assert proposed.reach <= answer["reach"] * (1 + 1e-9)  # type: ignore[union-attr]
    assert answer["reach"] <= answer["ceiling"] <= proposed.ceiling  # type: ignore[union-attr]
    rows = np.flatnonzero(np.isin(them.ids, answer["creators"]))
    assert limits.allows(them, rows.tolist())


def test_a_question_comes_out_of_its_parcel_as_it_went_in() -> None:
    them, limits = candidates(7), Limits(budget_minor=60_000, most=5, niches=(1, 3))

    again, same = unpack(pack(them, limits))

    assert same == limits
    assert np.array_equal(again.ids, them.ids)
    assert again.audience.reach([0, 3]) == them.audience.reach([0, 3])


def test_a_solver_without_memory_is_a_clear_answer() -> None:
    with pytest.raises(proving.SolverError, match="stopped with an error"):
        proving.solve_apart(candidates(60), Limits(budget_minor=60_000), seconds=5, megabytes=64)


def test_a_solver_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "GRACE_SECONDS", -0.9)

    with pytest.raises(proving.SolverError, match="did not come to an end"):
        proving.solve_apart(candidates(60), Limits(budget_minor=60_000), seconds=1)


def test_the_proof_says_how_near_the_plan_comes(cast: Cast) -> None:
    campaign = people.campaign(cast)
    for handle, price, followers in (("ana", 15_000, 9_000), ("ben", 16_000, 8_000), ("cleo", 50_000, 12_000)):
        priced(handle, price, followers=followers)

    proof = answered(asked(cast, campaign, budget=Money(40_000, "EUR")))

    handles = set(Creator.objects.filter(pk__in=[pk for pk, _price in proof.best]).values_list("handle", flat=True))
    assert handles == {"ana", "ben"}
    assert sorted(price for _pk, price in proof.best) == [15_000, 16_000]
    assert (proof.is_exact, proof.is_proposal_best, proof.error) == (True, True, "")
    assert proof.cost_minor == 15_000 + 1_350 + 16_000 + 1_440
    assert not shortlist.prove(proof.pk)


def test_what_the_bound_leaves_open_is_solved(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = people.campaign(cast)
    ana, ben = (priced(handle) for handle in ("ana", "ben"))
    monkeypatch.setattr(proving, "GAP", -1.0)
    asked_of: list[int] = []

    def solved(them: Any, limits: Any, *, seconds: float) -> dict[str, Any]:
        asked_of.append(len(them))
        return {"creators": [ana.pk], "reach": 90.0, "ceiling": 100.0}

    monkeypatch.setattr(proving, "solve_apart", solved)
    proof = answered(asked(cast, campaign, most=1))

    assert asked_of == [2]
    assert (proof.best, proof.best_reach, proof.ceiling, proof.is_exact) == ([[ana.pk, 15_000]], 90.0, 100.0, False)
    assert proof.planned in ([[ana.pk, 15_000]], [[ben.pk, 15_000]])


def test_no_plan_within_the_limits_is_said(cast: Cast) -> None:
    proof = answered(asked(cast, people.campaign(cast)))

    assert proof.error == "No plan keeps to all of these limits."
    assert proof.best == []


def test_the_same_question_is_answered_once(cast: Cast) -> None:
    campaign = people.campaign(cast)
    priced("ana")
    first = asked(cast, campaign)

    assert asked(cast, campaign) == first
    with pytest.raises(Conflict, match="Another question"):
        asked(cast, campaign, most=1)
    answered(first)
    assert asked(cast, campaign) == first
    assert asked(cast, campaign, most=1) != first


def test_so_many_questions_an_hour_and_only_the_newest_are_kept(cast: Cast) -> None:
    campaign = people.campaign(cast)
    for number in range(1, PROOFS_AN_HOUR + 1):
        PlanProof.objects.create(campaign=campaign, question={"most": number}, finished_at=timezone.now())

    with pytest.raises(Conflict, match="many times"):
        asked(cast, campaign)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        asked(cast, campaign)
    assert PlanProof.objects.count() == 6


def test_strangers_cannot_ask(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        prove_plan(people.campaign(cast), Wanted(), by=cast.other_owner)
    assert not PlanProof.objects.exists()


def test_asking_wakes_a_worker(cast: Cast, bell: Bell, django_capture_on_commit_callbacks: Any) -> None:
    campaign = people.campaign(cast)

    with django_capture_on_commit_callbacks(execute=True):
        proof = asked(cast, campaign)

    assert bell == [("campaigns.prove_plan", {"proof_id": proof.pk})]


def test_the_sweep_finds_what_the_doorbell_missed_and_gives_up_in_the_end(
    cast: Cast, bell: Bell, django_capture_on_commit_callbacks: Any
) -> None:
    proof = asked(cast, people.campaign(cast))

    with (
        time_machine.travel(timezone.now() + timedelta(minutes=2)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        clock.catch_up()
    assert ("campaigns.prove_plan", {"proof_id": proof.pk}) in bell

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        clock.catch_up()
    proof.refresh_from_db()
    assert proof.error == "This took too long. Please ask again."


def test_the_page_waits_and_then_tells(cast: Cast, client: Client) -> None:
    campaign = people.campaign(cast)
    for handle in ("ana", "ben"):
        priced(handle)
    client.force_login(cast.viewer)

    answer = client.post(f"{campaign.get_absolute_url()}plan/prove/", {"budget": "500", "goal": "reach", "most": "2"})
    address = answer.headers["Location"]
    waiting = client.get(address).content.decode()
    proof = answered(PlanProof.objects.get())
    told = client.get(address).content.decode()

    assert (proof.question["budget"], proof.question["most"]) == (50_000, 2)
    assert "Waiting for a free worker" in waiting
    assert "Proved: no plan within these limits" in told
    assert "Also there" in told
    assert f"{campaign.get_absolute_url()}plan/?budget=500" in told


def test_time_that_was_up_is_not_called_a_proof(cast: Cast, client: Client) -> None:
    campaign = people.campaign(cast)
    proof = asked(cast, campaign)
    PlanProof.objects.update(
        finished_at=timezone.now(), best=[[cast.mina_profile.pk, 9_900]], reach=90.0, best_reach=95.0, ceiling=100.0,
        cost_minor=10_791,
    )  # fmt: skip
    client.force_login(cast.viewer)

    page = client.get(f"{campaign.get_absolute_url()}plan/proofs/{proof.public_id}/").content.decode()

    assert "at least 90.0 % of it" in page
    assert "Only here" in page


def test_a_campaign_that_is_over_has_nothing_to_prove(cast: Cast, client: Client) -> None:
    campaign = people.campaign(cast)
    for handle in ("ana", "ben", "cleo"):
        priced(handle)
    Campaign.objects.update(state="completed")
    client.force_login(cast.viewer)

    page = client.get(f"{campaign.get_absolute_url()}plan/").content.decode()
    refused = client.post(f"{campaign.get_absolute_url()}plan/prove/")

    assert "This campaign has ended: nobody can be invited to it." in page
    assert "Prove it" not in page
    assert refused.status_code == 409


def test_a_question_that_cannot_be_is_sent_back(cast: Cast, client: Client) -> None:
    campaign = people.campaign(cast)
    client.force_login(cast.viewer)

    answer = client.post(f"{campaign.get_absolute_url()}plan/prove/", {"budget": "lots"})

    assert answer.headers["Location"] == f"{campaign.get_absolute_url()}plan/"
    assert not PlanProof.objects.exists()


def test_the_api_asks_and_reads(cast: Cast, client: Client) -> None:
    campaign = people.campaign(cast)
    ana = priced("ana")
    client.force_login(cast.viewer)
    address = f"/api/v1/campaigns/{campaign.public_id}/"

    assert client.get(f"{address}proof/").content == b""
    sent = client.post(f"{address}prove/", {"most": 1}, content_type="application/json")
    answered(PlanProof.objects.get())
    said = client.get(f"{address}proof/").json()

    assert (sent.status_code, sent.json()["finished_at"]) == (202, None)
    assert said["is_exact"] is True
    assert said["share"] == pytest.approx(1)
    assert [(row["creator"], row["is_proposed"]) for row in said["best"]] == [(ana.public_id, True)]
