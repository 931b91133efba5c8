"""The whole match: parts → score → the best few → why."""

from campaigns.matching.brief import BriefFacts
from campaigns.matching.candidates import Pool
from campaigns.matching.explain import Explainer, Match
from campaigns.matching.parts import measure
from campaigns.matching.retrieve import top
from campaigns.matching.score import score
from campaigns.matching.weights import FIRST, Weights


def match(brief: BriefFacts, pool: Pool, *, weights: Weights = FIRST, limit: int = 100) -> list[Match]:
    """The best creators of the pool for this brief, best first, each with its reasons.

    The same brief, pool and weights give the same list, in whatever order the pool was read.
    """
    if not len(pool) or limit <= 0:
        return []
    evidence = measure(brief, pool)
    scored = score(evidence, weights, pool.counts)
    explainer = Explainer(brief, pool, evidence, scored)
    rows = top(scored.total, pool.ids, limit)
    return [explainer.explain(int(row), rank) for rank, row in enumerate(rows, start=1)]
