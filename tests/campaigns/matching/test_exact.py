"""The solver's answer is the best of all plans, and its bound is one."""

import pytest

from campaigns.matching.planning import Limits, Plan, plan
from campaigns.matching.planning.exact import solve
from tests.campaigns.matching.candidates import alike, candidates
from tests.campaigns.matching.test_planning import CASES, best_of_all


@pytest.mark.parametrize("name", ["budget alone", "everything"])
def test_the_solver_finds_the_best_of_all(name: str) -> None:
    them = candidates(10, 2)
    best = best_of_all(them, CASES[name])

    solved = solve(them, CASES[name])

    assert solved.reach == pytest.approx(best, rel=2e-3)
    assert solved.ceiling >= best * (1 - 1e-6)


def test_the_plan_is_no_worse_than_the_solver_by_more_than_it_says() -> None:
    them, limits = candidates(60, 4), Limits(80_000, most=8)

    found, solved = plan(them, limits, step_minor=5_000), solve(them, limits, seconds=2)

    assert isinstance(found, Plan)
    assert found.reach / solved.reach >= found.certified * (1 - 1e-6)
    assert found.reach <= solved.ceiling * (1 + 1e-6)


def test_the_solver_says_when_there_is_no_plan() -> None:
    assert solve(alike(3), Limits(9_000)).creators == ()
    assert solve(alike(3), Limits(30_000, local_bps=5_000)).creators == ()
    assert solve(alike(3), Limits(30_000, niches=(7,))).creators == ()
