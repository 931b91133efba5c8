"""Finding among a million: the briefs, the clock and the tables of `benchmarks/matching.py --creators`."""

from __future__ import annotations

import gc
import os
import shutil
import statistics
import time
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
from django.conf import settings
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.matching_crowd import EAST, NORTH, SOUTH, WEST, Crowd
from benchmarks.matching_vectors import compared
from campaigns.matching import BriefFacts, match
from campaigns.matching.narrowing import Narrowed
from campaigns.models import Business, Campaign, Deliverable
from campaigns.shortlist import book, building
from campaigns.shortlist.brief import brief_facts
from campaigns.shortlist.filters import Filtered, filtered
from campaigns.shortlist.impressions import seen_lately
from campaigns.shortlist.learning import ranking_weights
from campaigns.shortlist.pool import everybody
from campaigns.shortlist.running import best
from creators.models import Creator, Niche, Town
from marketplace.users.models import User

LIMIT, BRIEFS = 100, 6
SELECTIVITIES: dict[str, dict[str, Any]] = {
    "100 %": {},
    "20 %": {"country": "DE"},
    "2.6 %": {"country": "DE", "languages": ["fr"]},
    "1 %": {"country": "LU"},
    "0.03 %": {"radius_km": 7},
}


@dataclass
class Spent:
    """Milliseconds of each part of each run, and what came back."""

    retrieve: list[float]
    whole: list[float]
    cpu: list[float]
    exact: list[float]
    recall: list[float]
    rows: list[int]
    kept: int = 0

    def row(self) -> dict[str, Any]:
        times = {"retrieve": self.retrieve, "whole": self.whole, "cpu": self.cpu, "exact": self.exact}
        found: dict[str, Any] = {}
        for name, spent in times.items():
            found[f"{name}_p50"], found[f"{name}_p95"] = statistics.median(spent), float(np.percentile(spent, 95))
        kept = {"kept": self.kept, "rows": min(self.rows), "recall": statistics.mean(self.recall)}
        return kept | {"recall_least": min(self.recall)} | found


def run(sizes: list[int], *, rounds: int, with_pgvector: bool) -> list[dict[str, Any]]:
    """Fill a database to each size in turn, index it, and measure every selectivity."""
    settings.DATA_DIR = Path(mkdtemp(prefix="bench-", dir=settings.DATA_DIR))
    try:
        crowd, campaigns = Crowd.empty(), {}
        reports = []
        with Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), transient=True
        ) as bars:
            for size in sizes:
                bar = bars.add_task(f"creators, to {size:,}", total=size, completed=crowd.count)
                for done in crowd.grow(size):
                    bars.update(bar, completed=done)
                campaigns = campaigns or _campaigns(crowd)
                reports.append(_report(crowd, campaigns, bars, rounds=rounds, with_pgvector=with_pgvector))
        return reports
    finally:
        shutil.rmtree(settings.DATA_DIR)


def _report(
    crowd: Crowd, campaigns: dict[str, list[Campaign]], bars: Progress, *, rounds: int, with_pgvector: bool
) -> dict[str, Any]:
    began, cpu = time.perf_counter(), time.process_time()
    indexed = building.renew()
    built = time.perf_counter() - began if indexed else None
    build_cpu = time.process_time() - cpu if indexed else None
    before, began = memory(), time.perf_counter()
    who = everybody()
    opened = time.perf_counter() - began
    Creator.objects.filter(pk=crowd.count // 2).update(followers=1234)
    began = time.perf_counter()
    everybody()
    facts = {
        "creators": crowd.count, "build_s": built, "build_cpu_s": build_cpu, "open_s": opened,
        "one_changed_ms": 1000 * (time.perf_counter() - began),
        "disk_mb": _disk(),
        "load": os.getloadavg()[0],
    }  # fmt: skip
    bar = bars.add_task(f"briefs among {crowd.count:,}", total=len(SELECTIVITIES) * BRIEFS)
    rows = {}
    for name, asked in campaigns.items():
        spent = Spent([], [], [], [], [], [])
        for number, campaign in enumerate(asked):
            _measure(spent, campaign, crowd.wish(number)[1], rounds)
            bars.advance(bar)
        rows[name] = spent.row()
    after = memory()
    facts["memory_mb"] = {name: after[name] for name in after} | {"private before": before["private"]}
    others = compared(crowd, who, campaigns, bars, with_pgvector=with_pgvector)
    return facts | {"selectivities": rows, "others": others, "load_after": os.getloadavg()[0]}


def _disk() -> dict[str, float]:
    """Megabytes of the book: its vectors, its codes, and everything together."""
    sizes = {path.name: path.stat().st_size / 1e6 for path in (book.shelf() / book.newest()).glob("*.*")}
    named = {name: sizes[name] for name in ("halves.npy", "codes.faiss") if name in sizes}
    return named | {"book": sum(sizes.values())} if named else {}


def _measure(spent: Spent, campaign: Campaign, vector: Any, rounds: int) -> None:
    """The same brief a few times: all of it as a worker would, then everybody the filters keep, scored exactly.

    Recall is counted without the places that are given to newcomers: those are not meant to be the best.
    """
    for turn in range(rounds):
        gc.collect()
        began, cpu = time.perf_counter(), time.process_time()
        facts = replace(brief_facts(campaign), vector=vector)
        who = filtered(campaign, facts)
        found = best(who, facts, weights=ranking_weights(), limit=LIMIT, seen=seen_lately(), seed=turn)
        spent.whole.append(1000 * (time.perf_counter() - began))
        spent.cpu.append(1000 * (time.process_time() - cpu))
        began = time.perf_counter()
        who.of.narrowed(who.keeps, facts)
        spent.retrieve.append(1000 * (time.perf_counter() - began))
    plain = {one.creator for one in best(who, facts, limit=LIMIT)}
    began = time.perf_counter()
    exact = _exact(who, facts)
    spent.exact.append(1000 * (time.perf_counter() - began))
    spent.kept = who.count
    spent.rows.append(len(found) if who.count >= LIMIT else LIMIT * (len(found) == who.count))
    spent.recall.append(len(plain & exact) / max(len(exact), 1))


def _exact(who: Filtered, facts: BriefFacts) -> set[int]:
    pool = who.of.pool(Narrowed(np.flatnonzero(who.keeps), None), facts)
    return {one.creator for one in match(facts, pool, limit=LIMIT)}


def _campaigns(crowd: Crowd) -> dict[str, list[Campaign]]:
    """The same few briefs for each selectivity; each in the niche it speaks of, with a reel to make."""
    owner = User.objects.create(email="bench@example.org", name="Bench")
    business = Business.objects.create(name="Bench", country="DE", currency="EUR")
    place = {"latitude": 0.5 * (SOUTH + NORTH), "longitude": 0.5 * (WEST + EAST)}
    middle = Town.objects.create(name="Middle", country="DE", region="Bench", **place)
    found = {}
    for name, asks in SELECTIVITIES.items():
        found[name] = [_campaign(crowd, number, asks, business, owner, middle) for number in range(BRIEFS)]
    return found


def _campaign(
    crowd: Crowd, number: int, asks: dict[str, Any], business: Business, owner: User, middle: Town
) -> Campaign:
    town = middle if "radius_km" in asks else None
    campaign = Campaign.objects.create(
        business=business, made_by=owner, title=f"Brief {number}", product="A product", currency="EUR",
        budget_minor=5_000_000, town=town, state="open", **asks,
    )  # fmt: skip
    campaign.niches.add(Niche.objects.get(slug=crowd.wish(number)[0]))
    Deliverable.objects.create(campaign=campaign, kind="reel", count=1)
    return campaign


def memory() -> dict[str, float]:
    """Megabytes of this process: its own, and what it maps from files and shares with other workers."""
    said = Path("/proc/self/smaps_rollup")
    if not said.exists():
        return {"private": float("nan"), "mapped": float("nan")}
    found = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in said.read_text().splitlines()[1:]}
    return {"private": found["Anonymous"], "mapped": found["Rss"] - found["Anonymous"]}
