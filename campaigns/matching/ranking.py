"""The whole match: parts → score → the best few → why."""

from dataclasses import replace

import numpy as np

from campaigns.matching.brief import BriefFacts
from campaigns.matching.candidates import Pool
from campaigns.matching.explain import Explainer, Match
from campaigns.matching.exploration import Exploration, with_newcomers
from campaigns.matching.exposure import Bound, within
from campaigns.matching.parts import measure
from campaigns.matching.posts import LOOKED_AT, ReadPosts, closest
from campaigns.matching.retrieve import top
from campaigns.matching.score import score
from campaigns.matching.sentences import Reason, place_name
from campaigns.matching.weights import FIRST, Weights


def match(
    brief: BriefFacts,
    pool: Pool,
    *,
    weights: Weights = FIRST,
    limit: int = 100,
    explore: Exploration | None = None,
    posts: ReadPosts | None = None,
    bound: Bound | None = None,
) -> list[Match]:
    """The best creators of the pool for this brief, best first, each with its reasons.

    The same brief, pool, weights and exploration give the same list, in whatever order the pool was read. With
    `explore` some places go to creators from beyond the list; their scores are what they are, and they are marked.
    With `posts` the single posts of those who stand first are read, and the list is made of these creators. With
    `bound` those who stand on too many first pages elsewhere stand behind this one, and are marked.
    """
    if not len(pool) or limit <= 0:
        return []
    evidence = measure(brief, pool)
    scored = score(evidence, weights, pool.counts)
    said, last = None, np.arange(len(pool))
    if posts is not None and brief.vector is not None:
        last = np.sort(top(scored.total, pool.ids, max(LOOKED_AT, limit)))
        said = posts(pool.ids[last])
        evidence["best_post"] = closest(brief, pool, said)
        scored = score(evidence, weights, pool.counts)
    explainer = Explainer(brief, pool, evidence, scored, said)
    rows, back = last[top(scored.total[last], pool.ids[last], max(limit, LOOKED_AT))], set[int]()
    if bound is not None:
        rows, back = within(rows, bound, pool=pool.size)
        explore = replace(explore, barred=bound.full(pool.size)) if explore else None
    rows = rows[:limit]
    rows, newcomers = with_newcomers(rows, scored, explore) if explore else (rows, set())
    found = [explainer.explain(int(row), rank) for rank, row in enumerate(rows, start=1)]
    marked = [(one, int(row)) for one, row in zip(found, rows, strict=True)]
    marked = [(_let_in(one, explainer) if row in newcomers else one, row) for one, row in marked]
    return [_held_back(one, explainer) if row in back else one for one, row in marked]


def _let_in(found: Match, why: Explainer) -> Match:
    """A newcomer's place is not from the score, and says so."""
    place = 1 + why.totals.above(found.score)
    said = f"Shown here so that new creators are seen; by the score alone this would be {place_name(place)} place."
    return replace(found, explored=True, change=Reason("explored", said, {"from": found.rank, "to": place}))


def _held_back(found: Match, why: Explainer) -> Match:
    """Somebody who gives way on this first page stands lower than the score says, and it is told."""
    place = 1 + why.totals.above(found.score)
    otherwise = f"by the score alone this would be {place_name(place)} place"
    said = f"Stands on many first pages already, so others come first here; {otherwise}."
    return replace(found, change=Reason("held_back", said, {"from": found.rank, "to": place}))
