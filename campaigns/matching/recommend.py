"""Which open campaigns suit a creator, and why: parts → score → the best → up to three reasons and one doubt."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from campaigns.matching.choice import FOR_CREATORS, weigh
from campaigns.matching.explain import REASONS, Part
from campaigns.matching.openings import CreatorFacts, Openings
from campaigns.matching.parts import Evidence
from campaigns.matching.retrieve import top
from campaigns.matching.score import Scored, score
from campaigns.matching.sentences import Fact, Reason
from campaigns.matching.weights import Weights
from marketplace.kit.money import Money

FEW = 4  # of so few open campaigns "closer than most" says nothing
MOST = 50  # per cent
EDGE = 0.8  # of the radius


@dataclass(frozen=True)
class Recommendation:
    """One campaign's place for one creator; `points` of the parts add up to the score. No doubt is None."""

    campaign: int
    rank: int
    score: float
    parts: dict[str, Part]
    reasons: tuple[Reason, ...]
    doubt: Reason | None

    def plain(self) -> dict[str, Any]:
        """The same as plain values for JSON."""
        return {
            "rank": self.rank,
            "score": self.score,
            "parts": {name: asdict(part) for name, part in self.parts.items()},
            "reasons": [asdict(reason) for reason in self.reasons],
            "doubt": asdict(self.doubt) if self.doubt else None,
        }


@dataclass(frozen=True)
class ChoiceExplainer:
    """Everything the ranking knew, kept to explain single rows of it."""

    creator: CreatorFacts
    openings: Openings
    evidence: dict[str, Evidence]
    scored: Scored

    def number(self, part: str, fact: str, row: int) -> float:
        return float(self.evidence[part].facts[fact][row])

    def explain(self, row: int, rank: int) -> Recommendation:
        """One row's place in words: what lifts it most, what costs it most. Nothing is said that was not counted."""
        parts = {name: self._part(name, row) for name in self.scored.values}
        lifting = sorted(parts, key=lambda name: (-_gain(parts[name]), name))
        told = [reason for name in lifting if parts[name].known and (reason := FOR[name](self, row))][:REASONS]
        doubts = (self._doubt(name, parts[name], row) for name in reversed(lifting))
        return Recommendation(
            campaign=int(self.openings.ids[row]),
            rank=rank,
            score=float(self.scored.total[row]),
            parts=parts,
            reasons=tuple(told),
            doubt=next((doubt for doubt in doubts if doubt), None),
        )

    def _part(self, name: str, row: int) -> Part:
        value, weight = float(self.scored.values[name][row]), self.scored.weights[name]
        return Part(value, weight, weight * value, self.scored.expected[name], bool(self.scored.known[name][row]))

    def _doubt(self, name: str, part: Part, row: int) -> Reason | None:
        if part.known:
            return AGAINST[name](self, row) if name in AGAINST else None
        return Reason(f"{name}_unknown", UNKNOWN[name], {}) if name in UNKNOWN else None


def recommend(
    creator: CreatorFacts, openings: Openings, *, weights: Weights = FOR_CREATORS, limit: int = 100
) -> list[Recommendation]:
    """The openings that suit this creator best, best first. `openings` are those that no hard filter rules out.

    The same facts and weights give the same list, in whatever order the openings were read.
    """
    if not len(openings) or limit <= 0:
        return []
    evidence = weigh(creator, openings)
    scored = score(evidence, weights)
    why = ChoiceExplainer(creator, openings, evidence, scored)
    rows = top(scored.total, openings.ids, limit)
    return [why.explain(int(row), rank) for rank, row in enumerate(rows, start=1)]


def _gain(part: Part) -> float:
    return part.weight * (part.value - part.expected)


def _reason(code: str, text: str, facts: Mapping[str, Fact]) -> Reason:
    return Reason(code, text, dict(facts))


def _named(names: list[str]) -> str:
    return " and ".join(names)


def _niche(why: ChoiceExplainer, row: int) -> Reason | None:
    openings = why.openings
    shared = sorted(
        (-why.creator.niches.get(name, 0.0), name)
        for column, name in enumerate(openings.niche_names)
        if openings.niches[row, column] >= 1 and why.creator.niches.get(name, 0) > 0
    )
    names = [name.replace("-", " ") for _weight, name in shared[:2]]
    if names:
        return _reason("niche", f"You post about {_named(names)}; they look for it.", {"niches": names})
    fit = why.evidence["niche"].facts["fit"]
    closer = int(100 * (fit < fit[row]).sum() / len(fit))
    if len(fit) < FEW or closer < MOST:
        return None
    text = f"Closer to what you post than {closer} % of the {len(fit):,} open campaigns you could do."
    return _reason("niche", text, {"closer_than": closer, "of": len(fit)})


def _niche_against(why: ChoiceExplainer, row: int) -> Reason | None:
    fit = why.evidence["niche"].facts["fit"]
    closer = int((fit > fit[row]).sum())
    if _niche(why, row) or not closer:
        return None
    are = "open campaign is" if closer == 1 else "open campaigns are"
    return _reason("niche", f"{closer:,} other {are} closer to what you post.", {"closer": closer, "of": len(fit)})


def _best_post(why: ChoiceExplainer, row: int) -> Reason | None:
    cosine = why.evidence["best_post"].facts["cosine"]
    closer = int(100 * (cosine < cosine[row]).sum() / len(cosine))
    if len(cosine) < FEW or closer < MOST:
        return None
    text = f"One of your posts comes closer to this than to {closer} % of the others."
    return _reason("best_post", text, {"closer_than": closer})


def _price(why: ChoiceExplainer, row: int) -> Reason | None:
    more = _more(why, row)
    if more.minor < 0:
        return None
    said = f"Pays {more} above your price." if more.minor else "Pays what you ask."
    return _reason("price", said, _prices(why, row))


def _price_against(why: ChoiceExplainer, row: int) -> Reason | None:
    more = _more(why, row)
    if more.minor >= 0:
        return None
    less = Money(-more.minor, more.currency)
    return _reason("price", f"Pays {less} less than you ask; you can propose your price.", _prices(why, row))


def _more(why: ChoiceExplainer, row: int) -> Money:
    return Money(round(why.number("price", "more", row)), why.openings.currency[row])


def _prices(why: ChoiceExplainer, row: int) -> dict[str, Fact]:
    pay, ask = (round(why.number("price", name, row)) for name in ("pay", "ask"))
    return {"pay_minor": pay, "ask_minor": ask, "currency": why.openings.currency[row]}


def _place(why: ChoiceExplainer, row: int) -> Reason | None:
    km, town = why.number("place", "km", row), why.openings.town[row]
    if km > EDGE * why.number("place", "within", row):
        return None
    near = f"{km:,.0f} km from you" if km >= 1 else "In your town"
    return _reason("place", f"{near}{f' ({town})' if town else ''}.", {"km": round(km)})


def _place_against(why: ChoiceExplainer, row: int) -> Reason | None:
    km, radius = why.number("place", "km", row), float(why.openings.radius_km[row])
    if not km > EDGE * radius:
        return None
    return _reason("place", f"{km:,.0f} km away, near the edge of their {radius:,.0f} km.", {"km": round(km)})


def _languages(why: ChoiceExplainer, row: int) -> Reason | None:
    names = sorted(why.creator.languages & why.openings.languages[row])
    return _reason("languages", f"In {_named(names[:2])}, which you publish in.", {"languages": [*names]})


def _languages_against(why: ChoiceExplainer, row: int) -> Reason | None:
    names = sorted(why.openings.languages[row] - why.creator.languages)
    if not names:
        return None
    return _reason("languages", f"They also look for posts in {_named(names[:2])}.", {"languages": [*names]})


def _platforms(why: ChoiceExplainer, row: int) -> Reason | None:
    names = sorted(why.creator.platforms & why.openings.platforms[row])
    return _reason("platforms", f"On {_named(names[:2])}, where you are.", {"platforms": [*names]})


def _room(why: ChoiceExplainer, row: int) -> Reason | None:
    left, month = round(why.number("room", "left", row)), why.openings.month[row]
    return _reason("room", f"You have room for {left} more in {month}.", {"left": left}) if left > 0 else None


def _room_against(why: ChoiceExplainer, row: int) -> Reason | None:
    left, month = round(why.number("room", "left", row)), why.openings.month[row]
    return None if left > 0 else _reason("room", f"You have no room left in {month}.", {"left": left})


def _mentions(why: ChoiceExplainer, row: int) -> Reason | None:
    word = why.openings.mentioned[row]
    return (
        _reason("exclusions", f"The brief speaks of {word}, which you don't promote.", {"word": word}) if word else None
    )


Says = Callable[[ChoiceExplainer, int], Reason | None]
FOR: dict[str, Says] = {
    "niche": _niche,
    "best_post": _best_post,
    "price": _price,
    "place": _place,
    "languages": _languages,
    "platforms": _platforms,
    "room": _room,
    "exclusions": lambda why, row: None,
}
AGAINST: dict[str, Says] = {
    "niche": _niche_against,
    "price": _price_against,
    "place": _place_against,
    "languages": _languages_against,
    "room": _room_against,
    "exclusions": _mentions,
}
UNKNOWN = {
    "price": "We cannot compare what it pays with your prices yet.",
    "niche": "We have not compared your posts with this brief yet.",
}
