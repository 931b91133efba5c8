"""The words: from the very numbers of the score, and true."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from campaigns.matching import FIRST, Match, Pool, match
from campaigns.matching.explain import FACTS, Explainer
from campaigns.matching.parts import measure
from campaigns.matching.score import DIGITS, score
from campaigns.matching.sentences import TOLD
from tests.campaigns.matching.made_up import alike, brief, columns, made_up

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def found() -> list[Match]:
    return match(brief(), made_up(), limit=200)


def test_the_score_is_the_sum_of_what_is_explained(found: list[Match]) -> None:
    for row in found:
        assert sum(part.points for part in row.parts.values()) == pytest.approx(row.score, abs=10**-DIGITS)
        assert sum(part.weight for part in row.parts.values()) == pytest.approx(1)
        assert all(part.points == part.weight * part.value for part in row.parts.values())
        assert all(0 <= part.value <= 1 for part in row.parts.values())


def test_the_stored_row_gives_the_same_score_back(found: list[Match]) -> None:
    stored = json.loads(json.dumps([row.stored() for row in found]))

    again = [sum(part["points"] for part in row["parts"].values()) for row in stored]

    assert again == pytest.approx([row.score for row in found], abs=10**-DIGITS)
    assert all(set(part) >= {"value", "weight", "points"} for row in stored for part in row["parts"].values())


def test_the_reasons_are_the_parts_that_lifted_most(found: list[Match]) -> None:
    best = found[0]
    lift = {name: part.weight * (part.value - part.expected) for name, part in best.parts.items() if part.known}

    told = [reason.code for reason in best.reasons]

    assert len(told) == 3
    assert told == sorted(lift, key=lambda name: -lift[name])[:3]
    assert all(reason.text.endswith(".") and any(map(str.isdigit, reason.text)) for reason in best.reasons)


def test_nothing_unknown_is_ever_a_reason(found: list[Match]) -> None:
    for row in found:
        assert [reason.code for reason in row.reasons if not row.parts[reason.code].known] == []
        assert row.doubt.code not in [reason.code for reason in row.reasons]
        assert row.doubt.text
        assert row.change.text


def test_what_would_change_the_place_is_true_when_tried() -> None:
    full = columns()
    promised = next(
        row for row in match(brief(), made_up(), limit=200) if row.change.code == "moves" and row.doubt.code == "place"
    )
    at = promised.creator - 1
    usual = 40 * np.sqrt(1 / promised.parts["place"].expected - 1)
    full["latitude"][at], full["longitude"][at] = 48.5 + usual / 111.19, 11.5

    moved = next(row for row in match(brief(), Pool.of(np.arange(1, 201), **full), limit=200) if row.creator == at + 1)

    assert moved.rank == pytest.approx(promised.change.facts["to"], abs=1)
    assert moved.rank < promised.rank


def test_the_sentences_say_the_figures() -> None:
    pool = alike(
        3,
        engagement_rate=[0.062, 0.04, 0.03],
        engagement_posts=[12, 12, 12],
        price_minor=[12_000, 14_000, 16_000],
        latitude=[48.51, 49.2, 49.4],
        longitude=[11.5] * 3,
    )

    said = {reason.code: reason.text for reason in match(brief(), pool)[0].reasons}

    assert said["engagement"] == (
        "6.2 % of followers like or comment, over 12 posts; 4.8 % is usual for nano creators on Instagram."
    )
    assert said["place"] == "About 1 km from you; your radius is 40 km."
    assert said["price"] == (
        "Asks €120.00 for your deliverables: about €48.91 for a hundred likes and comments;"
        " €82.19 is usual for those who could do it."
    )


def test_somebody_in_the_same_town_is_not_zero_kilometres_away() -> None:
    said = {
        reason.code: reason.text
        for reason in match(brief(), alike(2, latitude=[48.5, 49], longitude=[11.5] * 2))[0].reasons
    }

    assert said["place"] == "Less than 1 km from you; your radius is 40 km."


def test_one_price_alone_is_not_called_usual() -> None:
    said = {reason.code: reason.text for reason in match(brief(), alike(1, price_minor=[12_000]))[0].reasons}

    assert said["price"].endswith("for a hundred likes and comments.")


def test_a_missing_price_is_a_doubt_and_not_a_fault() -> None:
    prices = np.array([np.nan, *np.linspace(10_000, 20_000, 9)])
    first = next(row for row in match(brief(), alike(10, price_minor=prices)) if row.creator == 1)

    assert first.parts["price"].value == first.parts["price"].expected
    assert first.doubt.text == "There is no price for your deliverables yet: ask first."
    assert first.price_minor is None


def test_the_creators_niches_that_the_brief_asks_for_are_named() -> None:
    niches = [[0, 0, 1.0], [1.0, 0.4, 0], [0, 1.0, 0]]

    best = match(brief(), alike(3, niches=niches))[0]

    assert best.creator == 2
    assert best.reasons[0].text.startswith("Posts about baking and coffee. ")


def test_among_few_a_place_is_said_and_among_many_a_share() -> None:
    niches = [[0, 0, 1.0], [1.0, 0, 0], [0, 1.0, 0]]

    few = match(brief(), alike(3, niches=niches))
    many = match(brief(), made_up())
    only = match(brief(), alike(1))

    assert "Closest to your brief of the 3 creators" in few[0].reasons[0].text
    assert few[2].doubt.text == "2 of the 3 creators who could do it post closer to your brief."
    assert "% of the 200 creators who could do it" in many[0].reasons[0].text
    assert only[0].reasons[0].text.endswith("The only creator left who could do it.")


def test_a_weakness_is_never_given_as_a_reason(found: list[Match]) -> None:
    for row in found:
        told = [row.parts[reason.code] for reason in row.reasons]

        assert all(part.value >= part.expected - 0.05 for part in told)
        assert "niche" not in [reason.code for reason in row.reasons] or row.parts["niche"].value >= 0.4


def test_every_part_that_can_count_can_be_told_in_words() -> None:
    for name in FIRST.parts:
        pool = made_up(posts=columns()["vectors"], post_rows=np.arange(200))
        rows = match(brief(), pool, limit=200)

        assert any(name in [reason.code for reason in row.reasons] for row in rows), name


def test_the_engine_stands_alone() -> None:
    script = (
        "import sys, campaigns.matching; print([m for m in ('django', 'scipy', 'onnxruntime') if m in sys.modules])"
    )

    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"share": 0.63, "low": 0.48, "high": 0.76}, "Authenticity 63 of 100 (48–76); 50 is usual."),
        ({"share": 0.81, "low": 0.62, "high": 0.93}, "Authenticity 81 of 100 (62–93); above the usual 50."),
        ({"share": 0.22, "low": 0.1, "high": 0.41}, "Authenticity 22 of 100 (10–41); below the usual 50."),
        ({"share": 0.42, "low": 0.27, "high": 0.58}, "Authenticity 42 of 100 (27–58); 50 is usual."),
    ],
)
def test_authenticity_is_told_with_its_band_and_below_the_usual_only_when_the_whole_band_is(
    facts: dict[str, float], said: str
) -> None:
    assert TOLD["authenticity"].known(facts, brief()) == said
    assert TOLD["authenticity"].against(facts, brief()) == said


def test_the_band_of_the_pool_reaches_the_sentence() -> None:
    share = np.full(200, 0.9)
    pool = made_up(authenticity=share, authenticity_low=share - 0.2, authenticity_high=share + 0.05)

    evidence = measure(brief(), pool)
    found = FACTS["authenticity"](Explainer(brief(), pool, evidence, score(evidence, FIRST)), 3)

    assert found == {"share": 0.9, "low": 0.7, "high": 0.95}
