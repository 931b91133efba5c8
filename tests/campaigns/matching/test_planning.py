"""The plan against every other plan there is, on cases small enough to try them all; and what must hold of any."""

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.matching.planning import Candidates, Impossible, Limits, Plan, plan
from campaigns.matching.planning.ceiling import ceiling, contenders
from campaigns.matching.planning.limits import eligible
from tests.campaigns.matching.candidates import alike, candidates

STEP = 5_000


def best_of_all(them: Candidates, limits: Limits) -> float:
    """The reach of the best set by trying every one; −1 when none is allowed."""
    worth = -1.0
    for size in range(limits.least, limits.slots + 1):
        for rows in combinations(range(len(them)), size):
            if limits.allows(them, rows):
                worth = max(worth, them.audience.reach(rows))
    return worth


def rows_of(them: Candidates, found: Plan) -> list[int]:
    return [int(np.flatnonzero(them.ids == place.creator)[0]) for place in found.places]


def planned(them: Candidates, limits: Limits) -> Plan:
    found = plan(them, limits, step_minor=STEP)
    assert isinstance(found, Plan)
    return found


CASES = {
    "budget alone": Limits(40_000, most=10),
    "few places": Limits(120_000, most=3),
    "at least four": Limits(60_000, least=4, most=6),
    "mostly local": Limits(60_000, most=5, local_bps=6_000),
    "two niches": Limits(60_000, most=4, niches=(1, 3)),
    "nobody risky": Limits(60_000, most=4, risk_most=0.4),
    "everything": Limits(70_000, least=2, most=4, local_bps=5_000, niches=(2,), risk_most=0.9, floor_minor=4_000),
}


@pytest.mark.parametrize("name", CASES)
def test_a_small_plan_is_within_three_per_cent_of_the_best_of_all(name: str) -> None:
    shares = []
    for seed in range(6):
        them = candidates(11, seed)
        best = best_of_all(them, CASES[name])
        found = plan(them, CASES[name], step_minor=STEP)
        if best < 0:
            assert isinstance(found, Impossible)
            continue
        assert isinstance(found, Plan)
        assert CASES[name].allows(them, rows_of(them, found))
        assert found.ceiling >= best * (1 - 1e-9), "a bound that the best plan exceeds is none"
        shares.append(found.reach / best)

    assert min(shares) > 0.97
    assert np.mean(shares) > 0.995


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    budget=st.integers(0, 200_000),
    least=st.integers(1, 5),
    extra=st.integers(0, 10),
    local=st.sampled_from([0, 3_000, 5_000, 10_000]),
    niches=st.sets(st.integers(0, 4), max_size=2),
    risk=st.sampled_from([0.3, 0.7, 1.0]),
)
def test_no_limit_is_ever_broken(
    seed: int, budget: int, least: int, extra: int, local: int, niches: set[int], risk: float
) -> None:
    them = candidates(40, seed)
    limits = Limits(budget, least, least + extra, local, tuple(sorted(niches)), risk, floor_minor=3_000)

    found = plan(them, limits, step_minor=STEP)

    if isinstance(found, Plan):
        assert limits.allows(them, rows_of(them, found))
        assert found.cost_minor == sum(place.cost_minor for place in found.places) <= budget
        assert found.low <= found.reach <= found.high
        assert found.reach == pytest.approx(them.audience.reach(rows_of(them, found)))
        assert 0 < found.certified <= 1
        assert all(0 <= place.adds <= place.alone * (1 + 1e-9) for place in found.places)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), budget=st.integers(5_000, 60_000), most=st.integers(1, 5))
def test_the_ceiling_is_above_every_plan(seed: int, budget: int, most: int) -> None:
    them = candidates(9, seed)
    limits = Limits(budget, most=most, local_bps=5_000 * (seed % 2))

    assert ceiling(them, limits, []) >= best_of_all(them, limits) * (1 - 1e-9)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), budget=st.integers(5_000, 60_000), most=st.integers(1, 4))
def test_nobody_is_left_out_who_could_make_a_plan_better(seed: int, budget: int, most: int) -> None:
    them = candidates(9, seed)
    limits = Limits(budget, most=most, local_bps=5_000 * (seed % 2))
    fits = eligible(them, limits)

    best = best_of_all(fits, limits)

    assert best_of_all(fits.take(contenders(fits, limits, [], reach=0.9 * best)), limits) == pytest.approx(best)


def test_the_same_candidates_in_another_order_give_the_same_plan() -> None:
    them = candidates(300, 5)
    turned = them.take(np.random.default_rng(0).permutation(300))

    assert planned(them, Limits(90_000, most=8)) == planned(turned, Limits(90_000, most=8))


def test_more_money_never_reaches_fewer() -> None:
    them = candidates(60, 3)

    reach = [planned(them, Limits(budget, most=6)).reach for budget in range(10_000, 100_000, 5_000)]

    assert all(later >= earlier * 0.98 for earlier, later in pairwise(reach))
    assert reach[-1] > reach[0]


def test_the_next_step_says_what_more_money_adds() -> None:
    found = planned(alike(3), Limits(20_000, most=3))

    assert len(found.places) == 2
    assert found.step_adds == 0  # half the price of the third buys nothing
    assert plan(alike(3), Limits(20_000, most=3), step_minor=10_000).step_adds == pytest.approx(81)  # type: ignore[union-attr]


def test_overlap_is_counted_once_and_told() -> None:
    found = planned(alike(2), Limits(20_000))

    assert found.reach == pytest.approx(190)  # 100 + 100 less the 10 whom both engage
    assert [place.alone for place in found.places] == pytest.approx([100, 100])
    assert [place.adds for place in found.places] == pytest.approx([90, 90])
    assert found.places[0].shared == pytest.approx(0.1)


def test_somebody_who_reaches_other_people_is_taken_before_a_copy() -> None:
    them = alike(3)
    apart = replace(them.audience, segments=np.array([[0], [0], [1]]), value=np.array([1_000.0, 950.0]))

    found = planned(replace(them, audience=apart), Limits(20_000))

    assert {place.creator for place in found.places} == {1, 3}


def test_one_large_creator_gives_way_to_two_who_reach_more_together() -> None:
    them = alike(3)
    apart = replace(them.audience, segments=np.array([[0], [1], [2]]), value=np.array([1_200.0, 1_000.0, 1_000.0]))

    found = planned(replace(them, audience=apart, cost_minor=np.array([11_000, 10_000, 10_000])), Limits(20_000))

    assert {place.creator for place in found.places} == {2, 3}  # though the first adds most, also for its money


def test_a_swap_says_what_it_would_change() -> None:
    them = replace(alike(2), cost_minor=np.array([10_000, 9_000]))
    weaker = replace(them.audience, shares=np.array([[0.1], [0.08]]))

    place = planned(replace(them, audience=weaker), Limits(10_000)).places[0]

    assert place.creator == 1
    assert [(swap.creator, swap.cost_minor, round(swap.change)) for swap in place.swaps] == [(2, 9_000, -20)]


def test_pieces_of_content_add_up_without_overlap() -> None:
    them = alike(4, share=0.0)
    pieces = replace(them.audience, own=np.array([3.0, 3.0, 3.0, 3.0]))

    found = planned(replace(them, audience=pieces), Limits(30_000))

    assert (found.reach, found.low, found.high) == (9, 9, 9)


IN_THE_WAY = {
    "nobody": (alike(0), Limits(10_000), {}),
    "budget": (alike(3), Limits(9_999), {"lowest_minor": 10_000}),
    "least": (alike(3), Limits(25_000, least=3), {"possible": 2, "needed_minor": 30_000}),
    "local": (alike(3), Limits(30_000, local_bps=5_000), {"count": 0}),
    "niches": (alike(3), Limits(30_000, niches=(0, 7)), {"niche": 7}),
    "risk": (alike(3, risk=np.ones(3)), Limits(30_000, risk_most=0.5), {}),
    "floor": (alike(3), Limits(30_000, floor_minor=12_000), {"floor_minor": 12_000}),
}


@pytest.mark.parametrize("code", IN_THE_WAY)
def test_when_there_is_no_plan_it_says_what_to_loosen(code: str) -> None:
    them, limits, facts = IN_THE_WAY[code]

    assert plan(them, limits, step_minor=STEP) == Impossible(code, facts)


def test_the_range_is_wider_for_those_we_know_less_of() -> None:
    known, unknown = (planned(alike(1, spread=np.full(1, spread)), Limits(10_000)) for spread in (0.1, 0.9))

    assert unknown.low < known.low < known.reach < known.high < unknown.high
