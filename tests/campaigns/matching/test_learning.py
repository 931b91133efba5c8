"""Weights learned from outcomes: what they find, when they wait, and what makes them better."""

import numpy as np
import pytest

from campaigns.matching import FIRST, Weights
from campaigns.matching.learning import CLIP, Event, apart, enough, examined, judge, learn

NAMES = ("niche", "engagement", "price")
EVEN = Weights("even/1", dict.fromkeys(NAMES, 1.0))


def market(cares_for: str, *, campaigns: int = 60, shown: int = 40, seed: int = 3, looked: bool = True) -> list[Event]:
    """Shortlists in any order; a business asks those who are strong in one part, if it looks at their place."""
    random = np.random.default_rng(seed)
    events = []
    for campaign in range(campaigns):
        for position in range(1, shown + 1):
            values = dict(zip(NAMES, np.clip(random.normal(0.5, 0.1, 3), 0, 1).tolist(), strict=True))
            seen = random.random() < examined(position) if looked else True
            wanted = random.random() < 1 / (1 + np.exp(-(25 * (values[cares_for] - 0.6))))
            asked = bool(seen and wanted)
            gain = (1.0 if random.random() < 0.6 else -0.4) if asked else None
            events.append(Event(campaign, values, examined(position), asked, gain))
    return events


@pytest.mark.parametrize("part", NAMES)
def test_what_businesses_choose_by_gains_weight(part: str) -> None:
    weights = learn(market(part), EVEN, version="learned/1")

    assert max(weights.parts, key=weights.parts.__getitem__) == part
    assert weights.parts[part] > 0.5
    assert sum(weights.parts.values()) == pytest.approx(1, abs=1e-5)
    assert min(weights.parts.values()) >= 0


def test_chance_leaves_the_weights_near_the_prior() -> None:
    random = np.random.default_rng(1)
    noise = [Event(e.campaign, e.values, e.propensity, bool(random.random() < 0.1)) for e in market("niche")]

    weights = learn(noise, EVEN, version="learned/1")

    assert not judge(market("niche", seed=9), weights, EVEN).better or weights.parts["niche"] < 0.6


def test_places_nobody_looks_at_are_made_up_for() -> None:
    """The best stand at the bottom, where few look: without weighing, what put the others on top would be rewarded."""
    events = []
    for event in market("niche", shown=40):
        low = event.propensity < 0.25
        values = {"niche": 0.7 if low else 0.4, "engagement": 0.4 if low else 0.7, "price": 0.5}
        asked = event.campaign % 4 == 0 if low else event.campaign % 3 == 0
        events.append(Event(event.campaign, values, event.propensity, asked))
    blind = [Event(e.campaign, e.values, 1.0, e.asked) for e in events]

    fair = learn(events, EVEN, version="a").parts
    unfair = learn(blind, EVEN, version="b").parts

    assert fair["niche"] > fair["engagement"]
    assert unfair["niche"] < unfair["engagement"]


def test_one_rare_place_does_not_outweigh_everything() -> None:
    events = market("niche")
    far = [*events, Event(0, {"niche": 0.0, "engagement": 1.0, "price": 0.0}, 1e-9, asked=True)]
    near = [*events, Event(0, {"niche": 0.0, "engagement": 1.0, "price": 0.0}, CLIP, asked=True)]

    assert learn(far, EVEN, version="a").parts == learn(near, EVEN, version="a").parts


def test_little_is_not_learned_from() -> None:
    assert not enough(market("niche", campaigns=49))
    assert enough(market("niche", campaigns=50, looked=False))
    assert not enough([Event(0, {}, 1.0, asked=False)] * 5_000)


def test_better_means_better_on_campaigns_that_were_not_learned_from() -> None:
    learning, judging = apart(market("engagement", campaigns=160, looked=False))

    weights = learn(learning, EVEN, version="learned/1")

    assert not {e.campaign for e in learning} & {e.campaign for e in judging}
    assert judge(judging, weights, EVEN).better
    assert not judge(judging, EVEN, EVEN).better
    assert not judge(judging, EVEN, weights).better
    assert not judge([], weights, EVEN).better


def test_the_same_events_give_the_same_weights() -> None:
    events = market("price", campaigns=20)

    assert learn(events, FIRST, version="a") == learn(events, FIRST, version="a")
