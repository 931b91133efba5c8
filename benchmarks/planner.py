"""The budget planner over made-up creators: how good against the solver's bound, and how fast.

    python -m benchmarks.planner [--sizes 1000,5000,20000] [--cases 12] [--seconds 20] [--json]

Creators have log-normal followers and engagement, two niches of 24 and a home among 20 regions; prices grow slower than
followers. Budgets are of EUR 300 to 4,000, places 3 to 20. All ways answer the same cases, turn by turn, so that a busy
machine slows all of them alike. Shares are of the solver's bound (HiGHS, within its time), or of our own ceiling where
that is lower: both are proven. The solver starts from our plan and is asked about those who can be in a better one.
"""

import argparse
import json
import os
import statistics
import sys
import time

import numpy as np

from campaigns.matching.planning import Audience, Candidates, Limits, Plan, plan
from campaigns.matching.planning.exact import solve
from campaigns.matching.planning.greedy import Choice, densities, grow
from campaigns.matching.planning.limits import eligible

NICHES, REGIONS = 24, 20
BUDGETS, PLACES = (30_000, 60_000, 150_000, 400_000), (3, 5, 8, 12, 20)
PARTS = (0.5, 0.2, 0.1, 0.08, 0.07, 0.05)  # of a creator's people: niche, second niche, and both further away
MOST_OF_ONE = 0.1  # the largest creator of a segment engages so much of it


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="1000,5000,20000")
    parser.add_argument("--cases", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=5.0, help="for the solver, for each case")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    report = {
        "load": os.getloadavg()[0],
        "sizes": {size: measured(int(size), asked.cases, asked.seconds) for size in asked.sizes.split(",")},
    }
    print(json.dumps(report, indent=2) if asked.json else table(report))
    return 0


def measured(size: int, cases: int, seconds: float) -> dict[str, dict[str, float]]:
    """Each way's share of the bound (mean, worst) and its median time over the cases."""
    shares: dict[str, list[float]] = {}
    spent: dict[str, list[float]] = {}
    for seed in range(cases):
        them, limits, followers = made_up(size, seed)
        reach: dict[str, float] = {}
        for name, way in WAYS.items():
            started = time.perf_counter()
            reach[name] = way(them, limits, followers)
            spent.setdefault(name, []).append(1000 * (time.perf_counter() - started))
        started = time.perf_counter()
        exact = solve(them, limits, seconds=seconds)
        spent.setdefault("HiGHS", []).append(1000 * (time.perf_counter() - started))
        reach["HiGHS"] = exact.reach
        found = plan(them, limits, step_minor=5_000)
        assert isinstance(found, Plan)
        for name, value in reach.items():
            shares.setdefault(name, []).append(value / min(exact.ceiling, found.ceiling))
        shares.setdefault("what ours certifies", []).append(found.certified)
    return {
        name: {
            "mean": statistics.mean(values),
            "worst": min(values),
            **({"p50 ms": statistics.median(spent[name]), "max ms": max(spent[name])} if name in spent else {}),
        }
        for name, values in shares.items()
    }


def plain_greedy(them: Candidates, limits: Limits, followers: np.ndarray) -> float:
    """One greedy run by gain for money."""
    few = eligible(them, limits)
    return few.audience.reach(grow(Choice(few, limits), densities(few, limits)[-1]).rows)


def most_followers(them: Candidates, limits: Limits, followers: np.ndarray) -> float:
    """The largest first, as long as they fit."""
    few = eligible(them, limits)
    choice = Choice(few, limits)
    for row in np.argsort(-followers[few.ids], kind="stable"):
        if choice.open()[row]:
            choice.add(int(row))
    return few.audience.reach(choice.rows)


def ours(them: Candidates, limits: Limits, followers: np.ndarray) -> float:
    """All of it: seven runs, exchanges, the certificate, stand-ins, the range and the next step."""
    found = plan(them, limits, step_minor=5_000)
    return found.reach if isinstance(found, Plan) else 0.0


WAYS = {"followers descending": most_followers, "plain greedy": plain_greedy, "ours": ours}


def made_up(size: int, seed: int) -> tuple[Candidates, Limits, np.ndarray]:
    """A pool, a question, and how many follow each."""
    random = np.random.default_rng(seed)
    followers = random.lognormal(9.2, 1.4, size)
    engaged = followers * random.lognormal(-3.4, 0.75, size) * (followers / 10_000) ** -0.12
    niche, home = random.integers(0, NICHES, size), random.integers(0, REGIONS, size)
    second, near, far = (niche + random.integers(1, NICHES, size)) % NICHES, (home + 1) % REGIONS, (home + 2) % REGIONS
    where = [(niche, home), (second, home), (niche, near), (niche, far), (second, near), ((niche + 1) % NICHES, home)]
    segments = np.column_stack([subject * REGIONS + region for subject, region in where])
    people = engaged[:, None] * np.array(PARTS)
    for later in range(len(PARTS)):
        for earlier in range(later):  # a creator's niches may meet in one segment
            same = segments[:, later] == segments[:, earlier]
            people[same, earlier] += people[same, later]
            people[same, later] = 0
    count, largest = NICHES * REGIONS, np.zeros(NICHES * REGIONS)
    np.maximum.at(largest, segments, people)
    there = np.maximum(np.bincount(segments.ravel(), people.ravel(), count), largest / MOST_OF_ONE) + 1
    price = (random.lognormal(0, 0.5, size) * 1_200 * (followers / 1_000) ** 0.75 + 1_500).astype(np.int64)
    them = Candidates(
        ids=np.arange(size),
        price_minor=price,
        cost_minor=price + np.maximum(price * 9 // 100, 100),
        audience=Audience(segments, people / there[segments], there * random.lognormal(0, 0.8, count), np.zeros(size)),
        is_local=home < REGIONS // 3,
        niche=niche,
        risk=np.zeros(size),
        spread=np.full(size, 0.4),
    )
    return them, Limits(int(random.choice(BUDGETS)), most=int(random.choice(PLACES))), followers


def table(report: dict) -> str:
    lines = [f"load {report['load']:.1f}; shares are of the lower proven bound"]
    for size, rows in report["sizes"].items():
        lines += ["", f"{int(size):,} candidates{'':12}{'mean':>8}{'worst':>8}{'p50 ms':>9}{'max ms':>9}"]
        for name, row in rows.items():
            times = f"{row['p50 ms']:9.0f}{row['max ms']:9.0f}" if "p50 ms" in row else ""
            lines.append(f"{name:29}{row['mean']:8.3f}{row['worst']:8.3f}{times}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
