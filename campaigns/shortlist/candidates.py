"""Who could be planned for a campaign: those who pass its filters, with a price, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from numpy.typing import NDArray

from campaigns.budget import cost
from campaigns.checks import pay_floor
from campaigns.matching import BriefFacts, cells
from campaigns.matching.asking import asked
from campaigns.matching.place import kilometres
from campaigns.matching.planning import Audience, Candidates
from campaigns.matching.planning.commenters import Pair
from campaigns.matching.planning.overlap import Following, audience_of, largest_pairs, region_of, with_shared
from campaigns.matching.scale import Numbers
from campaigns.models import Application, Campaign, Invitation, Offer
from campaigns.shortlist.filters import passing
from campaigns.shortlist.overlap import known_pairs
from campaigns.states import ApplicationState
from campaigns.terms import Item
from creators.figures import BETWEEN, ENTERED_IS_WORTH, WITHIN
from creators.models import Creator, CreatorNiche, Rate
from marketplace.kit.money import Money

MOST = 5_000
APPLYING = [ApplicationState.SUBMITTED, ApplicationState.SHORTLISTED]
LOCAL_KM = 50
OTHER_NICHES = 0.2  # what people of other subjects count for, where the brief's own count for 1 and related ones for .6
ELSEWHERE = 0.3  # what people of no region in particular count for, where a brief names a town
CLICKS = {"instagram": 0.03, "tiktok": 0.02, "youtube": 0.06, "blog": 0.15, "newsletter": 0.30}  # per engaged; by hand
ANY_CLICKS = 0.03


class Row(NamedTuple):
    """What is read of one creator."""

    pk: int
    followers: int | None
    engagement_rate: float | None
    engagement_posts: int
    latitude: float | None
    longitude: float | None
    platforms: list[str]
    minimum: int | None
    price_from: int | None
    public_id: str
    handle: str
    name: str
    town: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Plannable:
    """The candidates as columns and as rows, whose price is only their lowest, and how many name none.

    `shared` says of which two (by creator) we know how many people they have in common; of others it is a prior.
    """

    candidates: Candidates
    rows: dict[int, Row]
    estimated: frozenset[int]
    priceless: int
    niche_names: tuple[str, ...]
    shared: Mapping[frozenset[int], float] = field(default_factory=dict)


def plannable(campaign: Campaign, facts: BriefFacts, *, goal: str) -> Plannable:
    """Those who may be asked, within the budget of `facts`, and neither invited nor under offer yet, nor applying.

    Reads creators, rates, niches and samples of commenters once each. Nobody is planned for less than the pay floor or
    their own minimum; the cost is the fee and the platform's. Where a brief names niches, creators known for others
    only are left out.
    """
    rows = [Row(*values) for values in _rows(campaign, facts)]
    items = [Item(kind=d.kind, network=d.network, count=d.count, detail="") for d in campaign.deliverables.all()]
    prices = _prices(rows, items, campaign.currency)
    known = [row for row in rows if row.pk in prices]
    fees = np.array([prices[row.pk][0] for row in known], dtype=np.int64)
    names, niches = _niches([row.pk for row in known])
    costs, engaged = _costs(fees, campaign.currency), _engaged(known, goal=goal)
    audience = _audience(known, facts, names, niches, engaged)
    taken: list[Pair] = []
    if goal == "content":
        audience = replace(audience, own=np.full(len(known), float(sum(item["count"] for item in items))))
    else:
        taken = largest_pairs(engaged, known_pairs([row.pk for row in known], engaged, costs))
        audience = with_shared(audience, engaged, taken)
    return Plannable(
        candidates=Candidates(
            ids=np.array([row.pk for row in known], dtype=np.int64),
            price_minor=fees,
            cost_minor=costs,
            audience=audience,
            is_local=_local(known, campaign, facts),
            niche=np.where(niches.sum(axis=1) > 0, niches.argmax(axis=1), -1) if names else np.full(len(known), -1),
            risk=_unsure(known) / BETWEEN,
            spread=_unsure(known) + WITHIN,
        ),
        rows={row.pk: row for row in known},
        estimated=frozenset(row.pk for row in known if prices[row.pk][1]),
        priceless=len(rows) - len(known),
        niche_names=names,
        shared={frozenset((known[one].pk, known[other].pk)): people for one, other, people in taken},
    )


def _rows(campaign: Campaign, facts: BriefFacts) -> QuerySet[Creator, tuple[Any, ...]]:
    asked = Exists(Invitation.objects.filter(campaign=campaign, creator=OuterRef("pk")))
    offered = Exists(Offer.objects.filter(campaign=campaign, creator=OuterRef("pk")))
    applies = Exists(Application.objects.filter(campaign=campaign, creator=OuterRef("pk"), state__in=APPLYING))
    found = passing(campaign, facts).filter(~asked, ~offered, ~applies, currency=facts.currency)
    if facts.niches:
        found = found.filter(Q(niche_slugs__overlap=sorted(facts.niches)) | Q(niche_slugs=[]))
    columns: tuple[str, ...] = (
        "pk",
        "followers",
        "engagement_rate",
        "engagement_posts",
        "latitude",
        "longitude",
        "platforms",
    )
    best = F("engagement_shrunk").desc(nulls_last=True)
    columns += ("minimum_fee_minor", "price_from_minor", "public_id", "handle", "display_name", "town_label")
    return found.order_by(best, "pk").values_list(*columns)[:MOST]


def _prices(rows: Sequence[Row], items: Sequence[Item], currency: str) -> dict[int, tuple[int, bool]]:
    """Creator → the fee for all items in minor units, and whether it is only made of their lowest price."""
    if not items:
        return {}
    cards: dict[int, list[tuple[str, str, int]]] = {}
    kinds = {item["kind"] for item in items}
    rates = Rate.objects.filter(creator__in=[row.pk for row in rows], kind__in=kinds, currency=currency).order_by("pk")
    for pk, kind, network, price in rates.values_list("creator_id", "kind", "network", "price_minor"):
        cards.setdefault(pk, []).append((kind, network, price))
    floor = pay_floor(items, currency).minor
    named = np.stack([_column([_rate(item, cards.get(row.pk, [])) for row in rows]) for item in items])
    lowest, least = _column([row.price_from for row in rows]), _column([row.minimum for row in rows])
    fees = asked(zip([item["count"] for item in items], named, strict=True), lowest=lowest, least=least)
    guessed: NDArray[np.bool_] = np.asarray(np.isnan(named).any(axis=0))
    return {
        row.pk: (max(round(float(fee)), floor), bool(guess))
        for row, fee, guess in zip(rows, fees, guessed, strict=True)
        if not np.isnan(fee)
    }


def _rate(item: Item, card: Sequence[tuple[str, str, int]]) -> int | None:
    """The price named for this network, else for any; None when the card has none."""
    fitting = [line for line in card if line[0] == item["kind"] and line[1] in ("", item["network"])]
    return max(fitting, key=lambda line: line[1] == item["network"])[2] if fitting else None


def _costs(fees: NDArray[np.int64], currency: str) -> NDArray[np.int64]:
    """What each fee takes from the budget; the same fee is worked out once."""
    different, place = np.unique(fees, return_inverse=True)
    costs = np.array([cost(Money(int(fee), currency)).minor for fee in different], dtype=np.int64)
    return costs[place] if len(costs) else fees


def _niches(pks: Sequence[int]) -> tuple[tuple[str, ...], Numbers]:
    """The niches these creators have, and how strongly."""
    weighed = CreatorNiche.objects.filter(creator__in=pks).order_by()
    found = list(weighed.values_list("creator_id", "niche__slug", "weight"))
    names = tuple(sorted({slug for _pk, slug, _weight in found}))
    at, column = {pk: row for row, pk in enumerate(pks)}, {slug: place for place, slug in enumerate(names)}
    weights = np.zeros((len(pks), len(names)))
    for pk, slug, weight in found:
        weights[at[pk], column[slug]] = weight
    return names, weights


def _engaged(rows: Sequence[Row], *, goal: str) -> Numbers:
    """How many people one post of each is expected to engage, or to bring to click; nobody where content counts."""
    followers = _column([row.followers for row in rows])
    engaged = np.nan_to_num(followers) * np.exp(_log_rates(rows, followers) + WITHIN / 2)
    if goal == "clicks":
        engaged *= [CLICKS.get(row.platforms[0] if row.platforms else "", ANY_CLICKS) for row in rows]
    return np.zeros(len(rows)) if goal == "content" else engaged


def _audience(
    rows: Sequence[Row], facts: BriefFacts, names: tuple[str, ...], niches: Numbers, engaged: Numbers
) -> Audience:
    """Who they are, by niche and place, with the brief's own subjects and places counted most."""
    return audience_of(
        Following(
            engaged=engaged,
            niches=niches,
            worth=np.array([_worth(facts, name) for name in (*names, "")]),
            regions=region_of(_column([row.latitude for row in rows]), _column([row.longitude for row in rows])),
            tiers=cells.tier(_column([row.followers for row in rows])),
            far=1.0 if facts.latitude is None else ELSEWHERE,
        )
    )


def _worth(facts: BriefFacts, name: str) -> float:
    return facts.niches.get(name, OTHER_NICHES) if facts.niches else 1.0


def _log_rates(rows: Sequence[Row], followers: Numbers) -> Numbers:
    """The rate after shrinkage, as the ranking knows it; where none is known, what is usual for the size."""
    rates = _column([row.engagement_rate for row in rows])
    logs = np.log(np.where(rates > 0, np.clip(rates, 1e-5, 1.0), np.nan))
    networks = np.array([row.platforms[0] if row.platforms else "" for row in rows], dtype=np.str_)
    usual = cells.usual_rate(logs, cells.cell(networks, cells.tier(followers)))
    posts = np.array([row.engagement_posts for row in rows], dtype=np.float64)
    shrunk = cells.shrunk_rate(logs, posts, usual)
    return np.where(np.isnan(shrunk), usual, shrunk)


def _unsure(rows: Sequence[Row]) -> Numbers:
    """The variance of the logarithm of each one's rate, given what was seen: 1 ÷ (n/σ² + 1/τ²)."""
    seen = [0 if row.engagement_rate is None else row.engagement_posts or ENTERED_IS_WORTH for row in rows]
    return 1 / (np.array(seen, dtype=np.float64) / WITHIN + 1 / BETWEEN)


def _local(rows: Sequence[Row], campaign: Campaign, facts: BriefFacts) -> NDArray[np.bool_]:
    """Who lives within the brief's radius of its town, or within 50 km where it names none."""
    here = facts.latitude, facts.longitude
    within = facts.radius_km or LOCAL_KM
    return np.array([_near(row, here, within) for row in rows], dtype=np.bool_)


def _near(row: Row, here: tuple[float | None, float | None], within: float) -> bool:
    if here[0] is None or here[1] is None or row.latitude is None or row.longitude is None:
        return False
    return kilometres(here[0], here[1], row.latitude, row.longitude) <= within


def _column(values: Sequence[float | None]) -> Numbers:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
