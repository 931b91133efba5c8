"""The formulas, against numbers worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.matching import BriefFacts, Pool
from campaigns.matching.cells import cell, shrunk_rate, tier, usual_rate
from campaigns.matching.place import closeness, distance_km
from campaigns.matching.retrieve import top
from campaigns.matching.scale import against_cell, neutral, standard, standing
from creators.figures import ENOUGH_CREATORS


def test_munich_to_vienna_is_355_km() -> None:
    vienna = Pool.of([1], latitude=[48.2082], longitude=[16.3738])

    km = distance_km(BriefFacts(latitude=48.1371, longitude=11.5754), vienna)

    assert km[0] == pytest.approx(355, abs=2)
    assert closeness(np.array([0.0, 25.0, 50.0]), 25.0) == pytest.approx([1, 0.5, 0.2])


def test_tiers_begin_where_the_product_says() -> None:
    followers = np.array([999, 1_000, 9_999, 10_000, 99_999, 100_000, 500_000, 1_000_000, np.nan])

    assert tier(followers).tolist() == [0, 1, 1, 2, 2, 3, 4, 5, 6]


def test_a_rate_is_drawn_towards_its_cell_the_less_is_known() -> None:
    usual = np.log(np.full(3, 0.024))
    own = np.log(np.full(3, 0.10))

    shrunk = np.exp(shrunk_rate(own, np.array([np.nan, 1.0, 100.0]), usual))

    assert shrunk == pytest.approx([0.0741, 0.0610, 0.0993], abs=0.0005)


def test_a_cell_speaks_for_itself_once_two_hundred_stand_in_it() -> None:
    platform = np.array(["instagram"] * ENOUGH_CREATORS)
    cells = cell(platform, tier(np.full(ENOUGH_CREATORS, 4_000.0)))
    logs = np.log(np.full(ENOUGH_CREATORS, 0.07))

    assert np.exp(usual_rate(logs, cells)[0]) == pytest.approx(0.07)
    assert np.exp(usual_rate(logs[1:], cells[1:])[0]) == pytest.approx(0.048)


def test_a_figure_is_compared_within_its_cell() -> None:
    values = np.array([0.1] * 50 + [0.5] * 50 + [0.5])
    cells = np.array([0] * 50 + [1] * 50 + [0])

    residual = against_cell(values, cells)

    assert residual[100] > residual[50] + 1


def test_nobody_known_is_nobody_judged() -> None:
    nothing = np.full(3, np.nan)

    assert np.isnan(standard(nothing)).all()
    assert np.isnan(against_cell(nothing, np.zeros(3, dtype=np.int64))).all()
    assert standard(np.array([2.0, np.nan, 2.0]))[[0, 2]].tolist() == [0, 0]
    assert standing(np.array([0.0, 99.0, -99.0])).tolist() == [0.5, 1.0, 0.0]


def test_unknown_becomes_the_mean_of_the_known() -> None:
    filled, expected = neutral(np.array([0.2, np.nan, 0.6]))

    assert expected == pytest.approx(0.4)
    assert filled == pytest.approx([0.2, 0.4, 0.6])


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0, float("nan")]), max_size=40), st.integers(0, 50))
def test_the_best_few_are_those_of_a_full_sort(scores: list[float], limit: int) -> None:
    ids = np.arange(100, 100 + len(scores))
    full = sorted(range(len(scores)), key=lambda row: (-np.nan_to_num(scores[row], nan=-9), row))

    assert top(np.array(scores), ids, limit).tolist() == full[:limit]
