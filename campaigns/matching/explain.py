"""Why this creator, what speaks against, and what would change the place: from the very parts of the score."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from campaigns.matching.brief import BriefFacts
from campaigns.matching.candidates import Pool
from campaigns.matching.cells import tier
from campaigns.matching.parts import Evidence
from campaigns.matching.posts import Posts, beginning
from campaigns.matching.scale import Places
from campaigns.matching.score import Scored
from campaigns.matching.sentences import TOLD, Fact, Reason, place_name, tier_name

REASONS = 3
ONE_DEVIATION = 0.1
ABOUT_USUAL = 0.05
PLAIN_FACTS = ("engagement", "conversation", "place", "price", "reliability")


@dataclass(frozen=True)
class Part:
    """One part of one creator's score. `points` = weight × value; the points add up to the score."""

    value: float
    weight: float
    points: float
    expected: float
    known: bool


@dataclass(frozen=True)
class Match:
    """One creator's place, the parts that made it, three reasons, one doubt, and what would change it.

    `explored`: the place was given to a newcomer and does not come from the score.
    """

    creator: int
    rank: int
    score: float
    parts: dict[str, Part]
    reasons: tuple[Reason, ...]
    doubt: Reason
    change: Reason
    distance_km: float | None
    price_minor: int | None
    explored: bool = False

    def stored(self) -> dict[str, Any]:
        """The columns of a `Match` row, as plain values for JSON."""
        return {
            "rank": self.rank,
            "score": self.score,
            "parts": {name: asdict(part) for name, part in self.parts.items()},
            "reasons": [asdict(reason) for reason in self.reasons],
            "doubt": self.doubt.text,
            "change": self.change.text,
            "distance_km": self.distance_km,
            "price_minor": self.price_minor,
            "explored": self.explored,
        }


@dataclass(frozen=True)
class Explainer:
    """Everything the ranking knew, kept to explain single rows of it."""

    brief: BriefFacts
    pool: Pool
    evidence: dict[str, Evidence]
    scored: Scored
    posts: Posts | None = None

    @cached_property
    def fits(self) -> Places:
        """Where everybody stands by niche."""
        return Places.of(self.evidence["niche"].facts["fit"], self.pool.counts)

    @cached_property
    def post_places(self) -> Places:
        """Where everybody stands by their best post."""
        return Places.of(self.evidence["best_post"].facts["cosine"], self.pool.counts)

    @cached_property
    def totals(self) -> Places:
        """Where everybody stands by the score."""
        return Places.of(self.scored.total, self.pool.counts)

    def explain(self, row: int, rank: int) -> Match:
        """One row's place in words."""
        parts = {name: self._part(name, row) for name in self.scored.values}
        against = max(parts, key=lambda name: (_loss(parts[name]), name), default="niche")
        reasons = tuple(self._told(name, row) for name in _strongest(parts, against))
        return Match(
            creator=int(self.pool.ids[row]),
            rank=rank,
            score=float(self.scored.total[row]),
            parts=parts,
            reasons=reasons,
            doubt=self._doubt(against, parts, row),
            change=self._change(against, parts, row, rank),
            distance_km=_rounded(self.evidence["place"].facts["km"][row], 1),
            price_minor=_whole(self.pool.price_minor[row]),
        )

    def _part(self, name: str, row: int) -> Part:
        value, weight = float(self.scored.values[name][row]), self.scored.weights[name]
        known = bool(self.scored.known[name][row])
        return Part(value, weight, weight * value, self.scored.expected[name], known)

    def _told(self, name: str, row: int) -> Reason:
        facts = FACTS[name](self, row)
        return Reason(name, TOLD[name].known(facts, self.brief), facts)

    def _doubt(self, name: str, parts: dict[str, Part], row: int) -> Reason:
        if name not in parts:
            return Reason("nothing_known", "We know too little to rank by; the order is by number only.", {})
        if not parts[name].known:
            return Reason(f"{name}_unknown", TOLD[name].unknown, {})
        if _loss(parts[name]) <= 0:
            return Reason("none", "Nothing we know speaks against; talk first, as with anybody.", {})
        facts = FACTS[name](self, row)
        return Reason(name, TOLD[name].against(facts, self.brief), facts)

    def _change(self, name: str, parts: dict[str, Part], row: int, rank: int) -> Reason:
        """The place this creator would have if the doubtful part were as usual (unknown: one deviation better)."""
        part = parts.get(name)
        if part is None or _loss(part) <= 0:
            return Reason("none", "Only another creator fitting better would change this place.", {})
        target = part.expected if part.known else min(part.expected + ONE_DEVIATION, 1.0)
        total = float(self.scored.total[row]) + part.weight * (target - part.value)
        new = min(rank, 1 + self.totals.above(total))
        what = TOLD[name].usual if part.known else TOLD[name].learned
        facts: dict[str, Fact] = {"part": name, "from": rank, "to": new}
        if new == rank:
            return Reason(
                "stays", f"{what} would strengthen this match; the place would stay {place_name(rank)}.", facts
            )
        return Reason(
            "moves", f"{what} would move this creator from {place_name(rank)} to {place_name(new)} place.", facts
        )


def _loss(part: Part) -> float:
    """What is lost against the usual; what is not known may hide one deviation, half as likely."""
    return part.weight * (part.expected - part.value) if part.known else part.weight * ONE_DEVIATION / 2


def _strongest(parts: dict[str, Part], against: str) -> list[str]:
    """The known parts that lift the score most above the usual; then plain facts that are about as usual."""
    lifting = [name for name, part in parts.items() if part.known and _loss(part) <= 0]
    usual = [
        name
        for name, part in parts.items()
        if part.known and 0 < part.expected - part.value <= ABOUT_USUAL and name in PLAIN_FACTS and name != against
    ]
    return sorted([*lifting, *usual], key=lambda name: (_loss(parts[name]), -parts[name].weight, name))[:REASONS]


def _rounded(value: float, digits: int) -> float | None:
    return None if np.isnan(value) else round(float(value), digits)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else round(float(value))


def _below(places: Places, value: float) -> int:
    """The share of the others, in whole per cent, that this value is above."""
    return int(100 * places.below(value) / max(places.known, 1))


def _niche_facts(why: Explainer, row: int) -> dict[str, Fact]:
    fit = float(why.evidence["niche"].facts["fit"][row])
    closer_than, place = _below(why.fits, fit), 1 + why.fits.above(fit)
    facts: dict[str, Fact] = {"pool": why.pool.size, "closer_than": closer_than, "place": place}
    own = why.pool.niches[row]
    shared = [
        (-float(own[column]), name)
        for column, name in enumerate(why.pool.niche_names)
        if own[column] > 0 and why.brief.niches.get(name, 0) > 0
    ]
    facts["niches"] = [name.replace("-", " ") for _, name in sorted(shared)[:2]]
    return facts


def _best_post_facts(why: Explainer, row: int) -> dict[str, Fact]:
    facts = why.evidence["best_post"].facts
    cosine, places = float(facts["cosine"][row]), why.post_places
    said: dict[str, Fact] = {
        "closer_than": _below(places, cosine),
        "of": places.known,
        "place": 1 + places.above(cosine),
    }
    if why.posts is None:
        return said
    post = int(facts["post"][row])
    return said | {"on": why.posts.days[post], "words": beginning(why.posts.words[post])}


def _engagement_facts(why: Explainer, row: int) -> dict[str, Fact]:
    facts = why.evidence["engagement"].facts
    said: dict[str, Fact] = {
        "rate": round(float(facts["rate"][row]), 5),
        "usual": round(float(facts["usual"][row]), 5),
        "shrunk": round(float(facts["shrunk"][row]), 5),
        "tier": tier_name(int(tier(why.pool.followers[row : row + 1])[0])),
        "network": str(why.pool.platform[row]),
    }
    posts = _whole(facts["posts"][row])
    return said | ({"posts": posts} if posts else {})


def _conversation_facts(why: Explainer, row: int) -> dict[str, Fact]:
    facts = why.evidence["conversation"].facts
    said: dict[str, Fact] = {}
    for name, digits in (("reply_rate", 3), ("genuine_share", 3), ("words", 1), ("comments", 0)):
        value = _rounded(facts[name][row], digits)
        if value is not None:
            said[name] = int(value) if name == "comments" else value
    per_like = _rounded(100 * float(why.pool.comments_per_like[row]), 1)
    return said | ({} if per_like is None else {"per_like": per_like})


def _place_facts(why: Explainer, row: int) -> dict[str, Fact]:
    return {"km": round(float(why.evidence["place"].facts["km"][row]))}


def _price_facts(why: Explainer, row: int) -> dict[str, Fact]:
    facts = why.evidence["price"].facts
    said: dict[str, Fact] = {
        "minor": round(float(facts["minor"][row])),
        "per_100_minor": _per_hundred(float(facts["per_engagement"][row])),
    }
    usual = float(facts["usual"][0])
    return said if np.isnan(usual) else said | {"usual_100_minor": _per_hundred(usual)}


def _per_hundred(cost: float) -> int:
    return min(round(100 * cost), 10**11)


def _share_facts(name: str) -> Callable[[Explainer, int], dict[str, Fact]]:
    return lambda why, row: {"share": round(float(why.evidence[name].facts["share"][row]), 3)}


def _authenticity_facts(why: Explainer, row: int) -> dict[str, Fact]:
    """The score and its 80 % band, of 100; a band that is not known is left out."""
    facts = why.evidence["authenticity"].facts
    said: dict[str, Fact] = {"share": round(float(facts["share"][row]), 3)}
    for name in ("low", "high"):
        value = _rounded(facts[name][row], 3)
        if value is not None:
            said[name] = value
    return said


FACTS: dict[str, Callable[[Explainer, int], dict[str, Fact]]] = {
    "niche": _niche_facts,
    "best_post": _best_post_facts,
    "engagement": _engagement_facts,
    "conversation": _conversation_facts,
    "place": _place_facts,
    "price": _price_facts,
    "reliability": _share_facts("reliability"),
    "authenticity": _authenticity_facts,
    "saturation": _share_facts("saturation"),
}
