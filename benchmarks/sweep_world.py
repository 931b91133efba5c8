"""A made-up market for the sweep's benchmark, and the sweep itself in processes of its own."""

import os
import statistics
import time
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import connection, connections
from django.utils import timezone

from campaigns.models import Business, Campaign, Deliverable, MatchRun, Sweep
from campaigns.services import sweeps
from creators.embedding import DIMENSIONS, LEXICAL
from creators.models import Creator, Niche, Town
from marketplace.users.models import User

PART = 10_000
SUBJECTS = ("baking", "coffee", "gardens", "cycling", "pets", "fashion", "games", "travel")
CREATORS = """
INSERT INTO creators_creator (
    public_id, created_at, updated_at, facts_at, texts_at, figures_at, handle, display_name, bio, state, state_reason,
    country, languages, platforms, latitude, longitude, currency, exclusions, room_per_month, followers,
    engagement_rate, engagement_posts, reply_rate, comment_words, genuine_share, comments_seen, sponsored_share,
    price_from_minor, tier, town_label, niche_names, niche_slugs, niche_words)
SELECT
    'bench' || lpad(n::text, 9, '0'), now(), now(), now(), now(), now(), 'one-' || n, 'One ' || n, '', 'listed', '',
    (ARRAY['DE', 'DE', 'FR', ''])[1 + n %% 4],
    (ARRAY['{de}', '{de,en}', '{fr}', '{}'])[1 + n %% 4]::varchar[],
    (ARRAY['{instagram}', '{tiktok}', '{youtube,blog}'])[1 + n %% 3]::varchar[],
    47 + 8 * random(), 6 + 9 * random(), 'EUR', '{}', 4, exp(6 + 5 * random())::bigint,
    exp(-4.5 + 2 * random()), 10, random() / 2, 3 + 9 * random(), random(), (100 * random())::int, random() / 4,
    (5000 + 60000 * random())::bigint, '', '', '{}', '{}', ''
FROM generate_series(1, %s) AS n
"""
NICHES = """
INSERT INTO creators_creatorniche (creator_id, niche_id, weight, as_of)
SELECT id, (%s::bigint[])[1 + id %% %s], 1, now() FROM creators_creator
"""


def fill(*, campaigns: int, creators: int) -> None:
    """Everybody and everything; a million creators take some minutes."""
    niches = [Niche.objects.create(slug=slug, name=slug.title()) for slug in SUBJECTS]
    with connection.cursor() as cursor:
        cursor.execute(CREATORS, [creators])
        cursor.execute(NICHES, [[niche.pk for niche in niches], len(niches)])
    random = np.random.default_rng(1)
    ids = list(Creator.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), PART):
        _write_vectors(ids[start : start + PART], random)
    _write_campaigns(campaigns, niches, random)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _write_vectors(ids: list[int], random: Any) -> None:
    rows = random.normal(size=(len(ids), DIMENSIONS))
    halves = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype("<f2")
    command = "COPY creators_creatorvector (creator_id, model, vector, texts_hash, made_at) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        copy.set_types(["int8", "text", "bytea", "text", "timestamptz"])
        for pk, row in zip(ids, halves, strict=True):
            copy.write_row((pk, LEXICAL, row.tobytes(), "", timezone.now()))


def _write_campaigns(count: int, niches: list[Niche], random: Any) -> None:
    user = User.objects.create_user("bench@example.org", name="Bench")
    business = Business.objects.create(name="Bench", country="DE", currency="EUR")
    places = [(47 + 8 * random.random(), 6 + 9 * random.random()) for _number in range(20)]
    towns = [
        Town.objects.create(name=f"Town {number}", country="DE", latitude=latitude, longitude=longitude)
        for number, (latitude, longitude) in enumerate(places)
    ]
    for number in range(count):
        subject = SUBJECTS[number % len(SUBJECTS)]
        campaign = Campaign.objects.create(
            business=business, made_by=user, title=f"{subject} {number}", product=subject, state="open",
            message=f"We look for people who care for {subject} as much as we do, number {number}.",
            country="" if number % 3 else "DE", town=towns[number % 20] if number % 2 else None,
            radius_km=(50, 100, 300)[number % 3] if number % 2 else None, languages=["de"] if number % 4 else [],
            platforms=["instagram"] if number % 5 == 0 else [], budget_minor=60_000 * (1 + number % 4),
            ends_on=timezone.localdate() + timedelta(days=30), opened_at=timezone.now(),
        )  # fmt: skip
        campaign.niches.add(niches[number % len(niches)])
        Deliverable.objects.create(campaign=campaign, kind="reel")


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
