"""The parts of a campaign's worth to one creator: each a column of values in [0, 1], NaN where nothing is known.

The same parts as in the other direction (`parts`), seen from the other side. How many followers the creator has is no
part here either.
"""

from collections.abc import Callable

import numpy as np

from campaigns.matching.nearest import cosines
from campaigns.matching.openings import CreatorFacts, Openings
from campaigns.matching.parts import TOPIC_SHARE, Evidence
from campaigns.matching.place import kilometres
from campaigns.matching.scale import Numbers, standard, standing
from campaigns.matching.weights import Weights

DIGITS = 5
NEARBY_KM = 100.0
# Set by hand: what it is about counts as in the other direction, then what it pays and where it is.
FOR_CREATORS = Weights(
    version="creator/1",
    parts={
        "niche": 0.46,
        "best_post": 0.08,
        "price": 0.18,
        "place": 0.12,
        "languages": 0.04,
        "platforms": 0.02,
        "room": 0.04,
        "exclusions": 0.06,
    },
)


def niche(creator: CreatorFacts, openings: Openings) -> Evidence:
    """Standardised cosine of brief and mean post + .7 × standardised share of the creator's niches it asks for."""
    text, topic = _text_fit(creator, openings), _topic_fit(creator, openings)
    unknown = np.isnan(text) & np.isnan(topic)
    distance = np.nan_to_num(standard(text)) + TOPIC_SHARE * np.nan_to_num(standard(topic))
    distance = np.where(unknown, np.nan, distance)
    return Evidence(standing(standard(distance)), {"cosine": text, "topic": topic, "fit": distance})


def best_post(creator: CreatorFacts, openings: Openings) -> Evidence:
    """The largest cosine of a brief with one of the creator's own posts."""
    cosine = np.full(len(openings), np.nan)
    if creator.posts is not None and len(creator.posts) and openings.vectors.shape[1] == creator.posts.shape[1]:
        read = np.any(openings.vectors, axis=1)
        cosine = np.where(read, (openings.vectors @ creator.posts.T).max(axis=1, initial=-1.0), np.nan).round(DIGITS)
    return Evidence(standing(standard(cosine)), {"cosine": cosine})


def place(creator: CreatorFacts, openings: Openings) -> Evidence:
    """Nearness: 1 on the spot, a half at the edge of the brief's radius, or at 100 km; NaN without a place."""
    away = np.full(len(openings), np.nan)
    here, there = creator.latitude, creator.longitude
    if here is not None and there is not None:
        points = zip(openings.latitude.tolist(), openings.longitude.tolist(), strict=True)
        away = np.array([kilometres(here, there, *point) for point in points]).reshape(len(openings))
    within = np.where(openings.radius_km > 0, openings.radius_km, NEARBY_KM)
    return Evidence(1 / (1 + (away / within) ** 2), {"km": away, "within": within})


def price(creator: CreatorFacts, openings: Openings) -> Evidence:
    """What it pays against what this creator asks for just that: a half at the same, 1 at double, 0 at half of it."""
    asked = np.where(openings.ask_minor > 0, openings.ask_minor, np.nan)
    paid = np.where(openings.pay_minor > 0, openings.pay_minor, np.nan)
    value = np.clip(0.5 + np.log2(paid / asked) / 2, 0.0, 1.0)
    return Evidence(value, {"pay": paid, "ask": asked, "more": paid - asked})


def languages(creator: CreatorFacts, openings: Openings) -> Evidence:
    """The share of the languages asked for that the creator publishes in."""
    return Evidence(_shared(creator.languages, openings.languages), {})


def platforms(creator: CreatorFacts, openings: Openings) -> Evidence:
    """The share of the networks asked for that the creator is on."""
    return Evidence(_shared(creator.platforms, openings.platforms), {})


def room(creator: CreatorFacts, openings: Openings) -> Evidence:
    """The share of a month's paid work that is still free when this starts."""
    most = np.where(openings.room > 0, openings.room, 1.0)
    return Evidence(np.clip(openings.room_left / most, 0.0, 1.0), {"left": openings.room_left})


def exclusions(creator: CreatorFacts, openings: Openings) -> Evidence:
    """0 where the brief speaks of what the creator does not promote; NaN for who excludes nothing."""
    if not creator.exclusions:
        return Evidence(np.full(len(openings), np.nan), {})
    return Evidence(np.array([0.0 if word else 1.0 for word in openings.mentioned]).reshape(len(openings)), {})


CHOICE: dict[str, Callable[[CreatorFacts, Openings], Evidence]] = {
    "niche": niche,
    "best_post": best_post,
    "price": price,
    "place": place,
    "languages": languages,
    "platforms": platforms,
    "room": room,
    "exclusions": exclusions,
}


def weigh(creator: CreatorFacts, openings: Openings) -> dict[str, Evidence]:
    """Every part for every opening."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return {name: part(creator, openings) for name, part in CHOICE.items()}


def _text_fit(creator: CreatorFacts, openings: Openings) -> Numbers:
    own = creator.vector
    if own is None or not np.any(own) or openings.vectors.shape[1:] != own.shape:
        return np.full(len(openings), np.nan)
    return cosines(openings.vectors, own).round(DIGITS)


def _topic_fit(creator: CreatorFacts, openings: Openings) -> Numbers:
    own = np.array([max(creator.niches.get(name, 0.0), 0.0) for name in openings.niche_names])
    wanted = np.nan_to_num(openings.niches).clip(min=0)
    asks = wanted.any(axis=1) if wanted.size else np.zeros(len(openings), dtype=bool)
    if not own.any():
        return np.full(len(openings), np.nan)
    return np.where(asks, wanted @ own / own.sum(), np.nan)


def _shared(own: frozenset[str], wanted: tuple[frozenset[str], ...]) -> Numbers:
    """Which part of each set the creator has; NaN where nothing is asked for, or nothing is known of the creator."""
    shares = [len(own & asked) / len(asked) if asked and own else np.nan for asked in wanted]
    return np.array(shares, dtype=np.float64).reshape(len(wanted))
