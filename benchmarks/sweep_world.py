"""A made-up market for the sweep's benchmark, and the sweep itself in processes of its own."""

import atexit
import os
import shutil
import statistics
import time
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connections
from django.utils import timezone

from benchmarks.matching_crowd import EAST, NORTH, SOUTH, WEST, Crowd
from campaigns.models import Business, Campaign, Deliverable, MatchRun, Sweep
from campaigns.services import sweeps
from campaigns.shortlist import brief_facts, building
from campaigns.shortlist.brief_vectors import keep, text_hash
from creators.embedding import MODEL
from creators.models import Niche, Town
from marketplace.users.models import User

PLACES, BUDGETS, RADII = 20, 4, (50, 100, 300)


def fill(*, campaigns: int, creators: int) -> None:
    """Everybody and everything, in a data folder of its own; a million creators take some minutes."""
    settings.DATA_DIR = Path(mkdtemp(prefix="bench-", dir=settings.DATA_DIR))
    atexit.register(shutil.rmtree, settings.DATA_DIR, ignore_errors=True)
    crowd = Crowd.empty()
    for _made in crowd.grow(creators):
        pass
    write_campaigns(campaigns, crowd)


def build() -> float | None:
    """The book of the pool, as the clock makes it before the night. Returns its seconds; None for a small pool."""
    began = time.perf_counter()
    return time.perf_counter() - began if building.renew() else None


def write_campaigns(count: int, crowd: Crowd) -> None:
    """Briefs of all kinds, each with the vector of its text kept, as it is once somebody looked at it."""
    user = User.objects.create_user("night@example.org", name="Bench")
    business = Business.objects.create(name="Bench", country="DE", currency="EUR")
    random = np.random.default_rng(1)
    places = zip(random.uniform(SOUTH, NORTH, PLACES), random.uniform(WEST, EAST, PLACES), strict=True)
    towns = [
        Town.objects.create(name=f"Town {number}", country="DE", latitude=latitude, longitude=longitude)
        for number, (latitude, longitude) in enumerate(places)
    ]
    niches = {niche.slug: niche for niche in Niche.objects.order_by("pk")}
    for number in range(count):
        slug, vector = crowd.wish(number)
        campaign = Campaign.objects.create(
            business=business, made_by=user, title=f"{slug} {number}", product=slug, state="open",
            message=f"We look for people who care for {slug} as much as we do, number {number}.",
            country="" if number % 3 else "DE", town=towns[number % PLACES] if number % 2 else None,
            radius_km=RADII[number % len(RADII)] if number % 2 else None, languages=["de"] if number % 4 else [],
            platforms=["instagram"] if number % 5 == 0 else [], budget_minor=60_000 * (1 + number % BUDGETS),
            ends_on=timezone.localdate() + timedelta(days=30), opened_at=timezone.now(),
        )  # fmt: skip
        campaign.niches.add(niches[slug])
        Deliverable.objects.create(campaign=campaign, kind="reel")
        keep(campaign.pk, vector, model=MODEL, hashed=text_hash(brief_facts(campaign)))


def sweep(*, workers: int) -> dict[str, Any]:
    """Start a sweep, let so many processes do it, and look at what they wrote."""
    night = sweeps.start_sweep(timezone.localdate())
    started = time.perf_counter()
    connections.close_all()
    children = [_fork(night) for _number in range(workers)]
    used = [os.wait4(child, 0)[2] for child in children]
    seconds = time.perf_counter() - started
    runs = list(MatchRun.objects.filter(finished_at__isnull=False).values_list("seconds", "pool_size"))
    sizes = sorted(size for _seconds, size in runs)
    return {
        "workers": workers,
        "seconds": round(seconds, 1),
        "done": sweeps.progress_of(night).done,
        "each": statistics.median(each for each, _size in runs),
        "kept": {"least": sizes[0], "most": sizes[-1], "median": sizes[len(sizes) // 2]},
        "cpu_s": round(sum(one.ru_utime + one.ru_stime for one in used), 1),
        "peak_mb": round(max(one.ru_maxrss for one in used) / 1024),
    }


def _fork(night: Sweep) -> int:
    child = os.fork()
    if child == 0:
        sweeps.work(night, seconds=float("inf"))
        os._exit(0)
    return child
