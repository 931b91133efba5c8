"""The parts of a score: each a column of values in [0, 1], NaN where nothing is known, with the facts behind it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from campaigns.matching import cells
from campaigns.matching.brief import BriefFacts
from campaigns.matching.candidates import Pool
from campaigns.matching.meaning import best_post, text_fit, topic_fit
from campaigns.matching.place import closeness, distance_km
from campaigns.matching.scale import Norm, Numbers, mean_of, standard, standing
from creators.figures import BETWEEN

TOPIC_SHARE = 0.7
COMMENTS_TRUST = 10.0
GREEN, RED = 0.15, 0.35


@dataclass(frozen=True)
class Evidence:
    """One part for the whole pool: values to score by, and the facts its sentence is made of."""

    values: Numbers
    facts: dict[str, Numbers]


def niche(brief: BriefFacts, pool: Pool) -> Evidence:
    """How near the creator's posts are to the brief by meaning, and how far their niches are the brief's.

    Standardised cosine + .7 × standardised niche match; what is unknown of the two adds nothing.
    """
    text, topic = text_fit(brief, pool), topic_fit(brief, pool)
    both = np.isnan(text) & np.isnan(topic)
    counts = pool.counts
    distance = np.nan_to_num(standard(text, counts)) + TOPIC_SHARE * np.nan_to_num(standard(topic, counts))
    distance = np.where(both, np.nan, distance)
    return Evidence(standing(standard(distance, counts)), {"cosine": text, "topic": topic, "fit": distance})


def nearest_post(brief: BriefFacts, pool: Pool) -> Evidence:
    """The one post that comes closest to the brief."""
    cosine = best_post(brief, pool)
    return Evidence(standing(standard(cosine, pool.counts)), {"cosine": cosine})


def engagement(brief: BriefFacts, pool: Pool) -> Evidence:
    """Engagement rate, shrunk to and compared with creators of the same network and size."""
    rate = np.where(pool.engagement_rate > 0, pool.engagement_rate, np.nan)
    usual, shrunk = _log_rates(pool)
    distance = (shrunk - usual) / np.sqrt(BETWEEN)
    facts = {"rate": rate, "posts": pool.engagement_posts, "usual": np.exp(usual), "shrunk": np.exp(shrunk)}
    return Evidence(standing(distance), facts)


def conversation(brief: BriefFacts, pool: Pool) -> Evidence:
    """Replies, comments with substance, their length, and comments per like, each against its network and size.

    The mean of what is known, shrunk by n / (n + 10) for n comments seen.
    """
    norms = pool.norms or norms_of(pool)
    signs = [norms.signs[name].distance(sign(pool), pool.cells) for name, sign in SIGNS.items()]
    known = np.sum([~np.isnan(sign) for sign in signs], axis=0)
    total = np.sum([np.clip(np.nan_to_num(sign), -3, 3) for sign in signs], axis=0)
    seen = np.nan_to_num(pool.comments_seen)
    trust = np.where(np.isnan(pool.comments_seen), 0.5, seen / (seen + COMMENTS_TRUST))
    distance = np.where(known > 0, trust * total / np.sqrt(np.maximum(known, 1)), np.nan)
    facts = {"reply_rate": pool.reply_rate, "genuine_share": pool.genuine_share, "words": pool.comment_words}
    return Evidence(standing(distance), facts | {"comments": pool.comments_seen})


def place(brief: BriefFacts, pool: Pool) -> Evidence:
    """Nearness: 1 on the spot, a half at the radius."""
    distance = distance_km(brief, pool)
    return Evidence(closeness(distance, brief.radius_km or 0.0), {"km": distance})


def price(brief: BriefFacts, pool: Pool) -> Evidence:
    """What one expected engagement costs here, against the pool. Size alone buys nothing: it is divided by price."""
    _, shrunk = _log_rates(pool)
    engaged = np.exp(shrunk) * np.where(pool.followers > 0, pool.followers, np.nan)
    cost = np.where(pool.price_minor > 0, pool.price_minor, np.nan) / engaged
    logs = np.log(cost)
    # The geometric mean is what the score compares with; one price alone is no usual.
    usual = np.exp(mean_of(logs, pool.counts)) if (~np.isnan(cost)).sum() > 1 else np.nan
    facts = {"minor": pool.price_minor, "engaged": engaged, "per_engagement": cost, "usual": np.full(1, usual)}
    return Evidence(standing(-standard(logs, pool.counts)), facts)


def saturation(brief: BriefFacts, pool: Pool) -> Evidence:
    """Sponsored work as such costs nothing; above 15 % of posts there is less and less room, above 35 % none."""
    room = 1 - (pool.sponsored_share - GREEN) / (RED - GREEN)
    return Evidence(np.clip(room, 0.0, 1.0), {"share": pool.sponsored_share})


def authenticity(brief: BriefFacts, pool: Pool) -> Evidence:
    """The authenticity score as it is: it is shrunk to the usual already. Its band is told with it."""
    facts = {"share": pool.authenticity, "low": pool.authenticity_low, "high": pool.authenticity_high}
    return Evidence(np.clip(pool.authenticity, 0.0, 1.0), facts)


def reliability(brief: BriefFacts, pool: Pool) -> Evidence:
    """Work delivered on time and as agreed, as a share."""
    return Evidence(np.clip(pool.reliability, 0.0, 1.0), {"share": pool.reliability})


SIGNS: dict[str, Callable[[Pool], Numbers]] = {
    "reply_rate": lambda pool: pool.reply_rate,
    "genuine_share": lambda pool: pool.genuine_share,
    "words": lambda pool: np.log1p(np.minimum(pool.comment_words, 30)),
    "per_like": lambda pool: np.log(np.clip(pool.comments_per_like, 1e-4, 1.0)),
}


def norms_of(pool: Pool) -> cells.Norms:
    """What is usual among these creators, by network and size."""
    signs = {name: Norm.of(sign(pool), pool.cells, pool.counts, size=cells.COUNT) for name, sign in SIGNS.items()}
    return cells.Norms(cells.usual_rates(_logs(pool), pool.cells, pool.counts), signs)


def _log_rates(pool: Pool) -> tuple[Numbers, Numbers]:
    """Logs of what is usual in the cell and of the creator's own rate after shrinkage."""
    logs, norms = _logs(pool), pool.norms or norms_of(pool)
    usual = norms.rate[pool.cells]
    return usual, cells.shrunk_rate(logs, pool.engagement_posts, usual)


def _logs(pool: Pool) -> Numbers:
    rate = pool.engagement_rate
    logs: Numbers = np.log(np.where(rate > 0, np.clip(rate, 1e-5, 1.0), np.nan))
    return logs


PARTS: dict[str, Callable[[BriefFacts, Pool], Evidence]] = {
    "niche": niche,
    "best_post": nearest_post,
    "engagement": engagement,
    "conversation": conversation,
    "place": place,
    "price": price,
    "reliability": reliability,
    "authenticity": authenticity,
    "saturation": saturation,
}


def measure(brief: BriefFacts, pool: Pool) -> dict[str, Evidence]:
    """Every part for every creator of the pool."""
    with np.errstate(invalid="ignore", divide="ignore"):
        known = replace(pool, norms=pool.norms or norms_of(pool))
        return {name: part(brief, known) for name, part in PARTS.items()}
