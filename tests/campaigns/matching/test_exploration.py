"""Places for creators nobody has seen: few, the same for the same run, honest about the score, and spreading."""

import numpy as np
import pytest
from numpy.typing import NDArray

from campaigns.matching import BriefFacts, Match, match
from campaigns.matching.exploration import Exploration, gini, unevenness
from tests.campaigns.matching.made_up import NICHES, made_up

BRIEF = BriefFacts(niches=dict.fromkeys(NICHES, 1.0))
NOBODY = np.zeros(200, dtype=np.int64)


def listed(shown: NDArray[np.int64] = NOBODY, *, seed: int = 1, limit: int = 50) -> list[Match]:
    return match(BRIEF, made_up(), limit=limit, explore=Exploration(seed, shown))


def test_every_tenth_place_goes_to_a_newcomer_and_the_others_keep_their_order() -> None:
    plain = [one.creator for one in match(BRIEF, made_up(), limit=50)]

    found = listed()

    assert [one.rank for one in found if one.explored] == [10, 20, 30, 40, 50]
    assert not {one.creator for one in found if one.explored} & set(plain)
    assert [one.creator for one in found if not one.explored] == plain[:45]
    assert len({one.creator for one in found}) == 50


def test_a_newcomers_score_is_what_it_is_and_the_place_says_why() -> None:
    everybody = {one.creator: one for one in match(BRIEF, made_up(), limit=200)}

    for one in listed():
        if one.explored:
            assert one.score == everybody[one.creator].score == pytest.approx(sum(p.points for p in one.parts.values()))
            assert "so that new creators are seen" in one.change.text
            assert one.change.facts == {"from": one.rank, "to": everybody[one.creator].rank}


def test_the_same_run_draws_the_same_and_another_run_others() -> None:
    first, same, other = ([one.creator for one in listed(seed=seed)] for seed in (1, 1, 2))

    assert first == same
    assert first != other


def test_a_list_of_everybody_gives_no_place_away() -> None:
    assert not any(one.explored for one in listed(limit=200))


def test_who_was_shown_often_is_drawn_less() -> None:
    often = np.zeros(200, dtype=np.int64)
    often[::2] = 500

    drawn = [one.creator for seed in range(40) for one in listed(often, seed=seed) if one.explored]

    seldom = np.mean([(creator - 1) % 2 for creator in drawn])
    assert seldom > 0.55


def test_gini_is_that_of_the_textbook() -> None:
    assert gini(np.array([1, 1, 1, 1])) == pytest.approx(0)
    assert gini(np.array([0, 0, 0, 8])) == pytest.approx(0.75)
    assert gini(np.array([1, 2, 3])) == pytest.approx(2 / 9)
    assert gini(np.array([], dtype=int)) == gini(np.zeros(3, dtype=int)) == 0


def test_who_was_shown_never_counts_without_being_listed() -> None:
    counts = np.random.default_rng(4).poisson(0.3, 500)

    assert gini(counts[counts > 0], others=int((counts == 0).sum())) == pytest.approx(gini(counts))
    assert unevenness(counts[counts > 0], others=int((counts == 0).sum())) == pytest.approx(unevenness(counts))


def test_few_places_are_not_uneven_as_long_as_everybody_has_one_at_most() -> None:
    assert unevenness(np.array([1, 0, 0, 0])) == pytest.approx(0)
    assert unevenness(np.array([40, 0, 0, 0])) == pytest.approx(1, abs=0.26)
    assert unevenness(np.array([2, 0, 0, 0])) > 0.4


def exposure(runs: int, *, explore: bool) -> NDArray[np.int64]:
    """How often each creator stood on a first page after many runs of the same brief."""
    shown, pool = np.zeros(200, dtype=np.int64), made_up()
    for seed in range(runs):
        found = match(BRIEF, pool, limit=50, explore=Exploration(seed, shown.copy()) if explore else None)
        for one in found[:24]:
            shown[one.creator - 1] += 1
    return shown


def test_exposure_is_spread_over_more_creators_and_very_uneven_lists_give_twice_as_many_places_away() -> None:
    without, with_it = exposure(40, explore=False), exposure(40, explore=True)

    assert (with_it > 0).sum() > 1.5 * (without > 0).sum()
    assert unevenness(with_it) < unevenness(without) - 0.03
    assert [one.rank for one in listed(without)][:5] == [1, 2, 3, 4, 5]
    assert [one.rank for one in listed(without) if one.explored][:2] == [5, 10]
