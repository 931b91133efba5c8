"""The best possible plan: computed in a process with a limit of time and memory, and written once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import structlog
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from campaigns.matching.planning import Candidates, Impossible, Limits, Plan, plan
from campaigns.matching.planning.parcel import pack
from campaigns.models import PlanProof
from campaigns.shortlist.brief import brief_facts
from campaigns.shortlist.candidates import plannable
from campaigns.shortlist.question import Asked, limits_of

log = structlog.get_logger(__name__)

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 20.0
GAP = 1e-4  # the solver stops there, too
GRACE_SECONDS = 15.0  # to load the solver and to stop by itself
MEGABYTES = 2_048
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
NO_PLAN = _("No plan keeps to all of these limits.")
TOO_LONG = _("The solver did not come to an end. The plan proposed and its guarantee are as good as before.")
BROKE = _("The solver stopped with an error. The plan proposed and its guarantee are as good as before.")


class SolverError(Exception):
    """There is no answer; the text says why, for whoever asked."""


def prove(proof_id: int) -> bool:
    """Answer a question that waits. Returns whether this call did it; may run twice."""
    proof = PlanProof.objects.select_related("campaign__town").filter(pk=proof_id, finished_at=None).first()
    if proof is None:
        return False
    began = perf_counter()
    PlanProof.objects.filter(pk=proof.pk, finished_at=None).update(started_at=timezone.now())
    try:
        answer = _answer(proof)
    except SolverError as error:
        answer = {"error": str(error)}
    seconds = round(perf_counter() - began, 2)
    log.info("plan_proved", campaign=proof.campaign.public_id, seconds=seconds, error=answer.get("error", ""))
    return _finish(proof, seconds=seconds, **answer)


def fail(proof: PlanProof, *, error: str) -> None:
    """Note why there is no answer, so that the page can say so."""
    _finish(proof, error=error)


def _finish(proof: PlanProof, **answer: Any) -> bool:
    waiting = PlanProof.objects.filter(pk=proof.pk, finished_at=None)
    return bool(waiting.update(finished_at=timezone.now(), **answer))


def _answer(proof: PlanProof) -> dict[str, Any]:
    campaign = proof.campaign
    asked = Asked.read(proof.question, campaign.currency)
    facts = replace(brief_facts(campaign), budget_minor=asked.budget.minor)
    pool = plannable(campaign, facts, goal=asked.goal)
    them, limits = pool.candidates, limits_of(campaign, asked, pool)
    proposed = plan(them, limits, step_minor=0)
    if isinstance(proposed, Impossible) and proposed.code != "together":
        raise SolverError(NO_PLAN)
    if isinstance(proposed, Plan) and proposed.certified >= 1 - GAP:
        solved = _proven(proposed)  # by the bound alone: there is nothing left to solve
    else:
        solved = solve_apart(them, limits, seconds=SECONDS)
    if not solved["creators"]:
        raise SolverError(NO_PLAN if solved["ceiling"] == 0 else TOO_LONG)
    price = dict(zip(them.ids.tolist(), them.price_minor.tolist(), strict=True))
    cost = dict(zip(them.ids.tolist(), them.cost_minor.tolist(), strict=True))
    places = [] if isinstance(proposed, Impossible) else [place.creator for place in proposed.places]
    return {
        "planned": [[pk, price[pk]] for pk in places],
        "best": [[pk, price[pk]] for pk in solved["creators"]],
        "reach": None if isinstance(proposed, Impossible) else proposed.reach,
        "best_reach": solved["reach"],
        "ceiling": max(solved["ceiling"], solved["reach"]),
        "cost_minor": sum(cost[pk] for pk in solved["creators"]),
    }


def _proven(found: Plan) -> dict[str, Any]:
    creators = [place.creator for place in found.places]
    return {"creators": creators, "reach": found.reach, "ceiling": found.ceiling}


def solve_apart(candidates: Candidates, limits: Limits, *, seconds: float, megabytes: int = MEGABYTES) -> Any:
    """`exact.solve` in a process of its own: {creators, reach, ceiling}. A solver that swells or hangs hurts nobody.

    Raises SolverError when it did not end in time, or broke.
    """
    command = [sys.executable, "-m", "campaigns.matching.planning", str(seconds), str(megabytes)]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=pack(candidates, limits),
            capture_output=True,
            cwd=ROOT,
            env=os.environ | ONE_THREAD,
            timeout=seconds + GRACE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SolverError(TOO_LONG) from error
    if done.returncode:
        log.warning("solver_broke", code=done.returncode, said=done.stderr.decode(errors="replace").strip()[-500:])
        raise SolverError(BROKE)
    return json.loads(done.stdout)
