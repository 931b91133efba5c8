"""Creators by the hundred thousand, the same in every run: copied in binary, in clusters as real posts are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from creators.embedding import DIMENSIONS, MODEL
from creators.models import Niche

SEED, PART = 20_261_125, 25_000
CLUSTERS_EACH = 30  # of a niche; a creator's posts lie around one of them
COUNTRIES = {"DE": 0.20, "FR": 0.18, "IT": 0.16, "ES": 0.15, "PL": 0.15, "AT": 0.15, "LU": 0.01}
LANGUAGES = {"en": 0.5, "fr": 0.13, "de": 0.3, "it": 0.07}
PLATFORMS = ("instagram", "tiktok", "youtube", "blog")
SOUTH, NORTH, WEST, EAST = 47.0, 55.0, 6.0, 15.0
# What no ranking reads, and what would take most of the time to fill.
IDLE = (
    "creator_by_words", "creator_by_niche", "creator_by_engagement", "creator_by_conversation", "creator_by_newest",
    "creator_by_platform", "creator_by_language",
)  # fmt: skip
FIGURES = (
    "id", "country", "language", "platform", "latitude", "longitude", "followers", "engagement_rate",
    "engagement_posts", "reply_rate", "genuine_share", "comment_words", "comments_seen", "sponsored_share", "price",
    "niche", "second", "share",
)  # fmt: skip
INSERT = """
    INSERT INTO creators_creator (
        id, public_id, created_at, updated_at, handle, display_name, bio, town_label, niche_words, post_words,
        country, latitude, longitude, languages, currency, exclusions, room_per_month, state, state_reason,
        followers, platforms, engagement_rate, engagement_posts, reply_rate, genuine_share, comment_words,
        comments_seen, sponsored_share, price_from_minor, tier, niche_names, niche_slugs, facts_at, texts_at, figures_at
    ) SELECT
        id, lpad(id::int::text, 14, '0'), now(), now(), 'creator-' || id::int, 'Creator ' || id::int, '', '', '', '',
        (%(countries)s::text[])[country::int], latitude, longitude, ARRAY[(%(languages)s::text[])[language::int]],
        'EUR', '{}', 4, 'listed', '',
        followers, ARRAY[(%(platforms)s::text[])[platform::int]], nullif(engagement_rate, 'NaN'), engagement_posts,
        nullif(reply_rate, 'NaN'), nullif(genuine_share, 'NaN'), nullif(comment_words, 'NaN'),
        comments_seen, sponsored_share, price, '', '{}', '{}', now(), now(), now()
    FROM fresh
"""
NICHES = """
    INSERT INTO creators_creatorniche (creator_id, niche_id, weight, as_of)
    SELECT id, (%(niches)s::bigint[])[niche::int], share, current_date FROM fresh
    UNION ALL SELECT id, (%(niches)s::bigint[])[second::int], 1 - share, current_date FROM fresh WHERE second <> niche
"""
VECTORS = "COPY creators_creatorvector (creator_id, model, vector, texts_hash, made_at) FROM STDIN (FORMAT binary)"


@dataclass
class Crowd:
    """Who was made so far, and where the subjects lie among all meanings."""

    niches: list[int]
    slugs: list[str]
    centres: NDArray[np.float32]
    middle: NDArray[np.float32]
    vectors: NDArray[np.float16] = field(default_factory=lambda: np.zeros((0, DIMENSIONS), dtype=np.float16))
    count: int = 0

    @classmethod
    def empty(cls) -> Crowd:
        """Clusters of the niches there are: all lie to one side, as vectors of texts do, a niche's near each other."""
        found = list(Niche.objects.order_by("pk").values_list("pk", "slug"))
        random = np.random.default_rng(SEED)
        middle = _unit(random.normal(size=DIMENSIONS))
        subjects = _unit(random.normal(size=(len(found), 1, DIMENSIONS)))
        each = _unit(random.normal(size=(len(found), CLUSTERS_EACH, DIMENSIONS)))
        centres = _unit(0.35 * middle + 0.55 * subjects + 0.55 * each)
        with connection.cursor() as cursor:
            for name in IDLE:
                cursor.execute(f"DROP INDEX {name}")
        return cls([pk for pk, _ in found], [slug for _, slug in found], centres, middle)

    def grow(self, count: int) -> Iterator[int]:
        """Make creators until there are so many; says after each part how many there are."""
        whole = np.zeros((count, DIMENSIONS), dtype=np.float16)
        whole[: self.count] = self.vectors
        self.vectors = whole
        while self.count < count:
            size = min(PART, count - self.count)
            random = np.random.default_rng([SEED, self.count])
            figures = _figures(random, self.count + 1, size, len(self.niches))
            niche = figures[:, FIGURES.index("niche")].astype(int) - 1
            vectors = self._vectors(random, niche)
            self._write(figures, vectors)
            self.vectors[self.count : self.count + size] = vectors
            self.count += size
            yield self.count
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE creators_creator, creators_creatorvector, creators_creatorniche")

    def wish(self, number: int) -> tuple[str, NDArray[np.float32]]:
        """The niche and the meaning of a brief: between the clusters of a niche, nearer to one of them."""
        random = np.random.default_rng([SEED, 7, number])
        niche = int(random.integers(len(self.niches)))
        one = self.centres[niche, random.integers(CLUSTERS_EACH)]
        noise = random.normal(size=DIMENSIONS) / DIMENSIONS**0.5
        return self.slugs[niche], _unit(0.5 * one + 0.4 * self.centres[niche].mean(axis=0) + 0.6 * noise)

    def _vectors(self, random: np.random.Generator, niche: NDArray[np.int64]) -> NDArray[np.float16]:
        own = self.centres[niche, random.integers(CLUSTERS_EACH, size=len(niche))]
        noise = random.normal(size=own.shape, scale=DIMENSIONS**-0.5)
        return _unit(own + random.uniform(0.5, 1.0, (len(niche), 1)) * noise).astype(np.float16)

    def _write(self, figures: NDArray[np.float64], vectors: NDArray[np.float16]) -> None:
        facts: dict[str, list[str] | list[int]] = {"countries": list(COUNTRIES), "languages": list(LANGUAGES)}
        facts |= {"platforms": list(PLATFORMS), "niches": self.niches}
        with connection.cursor() as cursor:
            columns = ", ".join(f"{name} float8" for name in FIGURES)
            cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS fresh ({columns})")
            cursor.execute("TRUNCATE fresh")
            with cursor.copy("COPY fresh FROM STDIN (FORMAT binary)") as copy:
                copy.write(_binary(figures))
            cursor.execute(INSERT, facts)
            cursor.execute(NICHES, facts)
            with cursor.copy(VECTORS) as copy:
                copy.write(_vector_rows(figures[:, 0].astype(np.int64), vectors))


def _figures(random: np.random.Generator, first: int, size: int, niches: int) -> NDArray[np.float64]:
    """The columns of FIGURES; three in ten have no engagement known, every second no conversation."""
    rate, talk = random.random(size) < 0.7, random.random(size) < 0.5

    def some(values: NDArray[np.float64], known: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.where(known, values, np.nan)

    niche = 1 + np.minimum((niches * random.random(size) ** 1.5).astype(int), niches - 1)
    columns = {
        "id": first + np.arange(size),
        "country": 1 + random.choice(len(COUNTRIES), size, p=list(COUNTRIES.values())),
        "language": 1 + random.choice(len(LANGUAGES), size, p=list(LANGUAGES.values())),
        "platform": 1 + random.choice(len(PLATFORMS), size, p=[0.6, 0.2, 0.15, 0.05]),
        "latitude": random.uniform(SOUTH, NORTH, size),
        "longitude": random.uniform(WEST, EAST, size),
        "followers": random.lognormal(9, 1.4, size).round(),
        "engagement_rate": some(np.minimum(random.lognormal(-3.5, 0.75, size), 1), rate),
        "engagement_posts": np.where(rate, random.integers(1, 30, size), 0),
        "reply_rate": some(random.beta(2, 4, size), talk),
        "genuine_share": some(random.beta(4, 3, size), talk),
        "comment_words": some(random.gamma(4, 1.5, size), talk),
        "comments_seen": np.where(talk, random.integers(1, 300, size), 0),
        "sponsored_share": random.beta(1, 6, size),
        "price": (random.lognormal(9.5, 0.8, size)).round(),
        "niche": niche,
        "second": np.where(random.random(size) < 0.5, niche, 1 + random.integers(niches, size=size)),
        "share": random.uniform(0.5, 1, size),
    }
    return np.column_stack([columns[name] for name in FIGURES]).astype(np.float64)


def _binary(matrix: NDArray[np.float64]) -> bytes:
    """Rows of float8 as COPY reads them."""
    kind = [("fields", ">i2"), ("cells", [("size", ">i4"), ("value", ">f8")], (matrix.shape[1],))]
    rows = np.zeros(len(matrix), dtype=kind)
    rows["fields"], rows["cells"]["size"], rows["cells"]["value"] = matrix.shape[1], 8, matrix
    return _framed(rows.tobytes())


def _vector_rows(ids: NDArray[np.int64], vectors: NDArray[np.float16]) -> bytes:
    cells = {
        "id": (">i8", ids), "model": (f"S{len(MODEL)}", MODEL.encode()), "vector": (("<f2", (DIMENSIONS,)), vectors),
        "hash": ("S1", b"x"), "made_at": (">i8", 0),
    }  # fmt: skip
    kind: list[tuple[object, ...]] = [("fields", ">i2")]
    for name, (form, _) in cells.items():
        kind += [(f"{name}_size", ">i4"), (name, *form) if isinstance(form, tuple) else (name, form)]
    rows = np.zeros(len(ids), dtype=kind)
    rows["fields"] = len(cells)
    for name, (_, values) in cells.items():
        rows[name] = values
        rows[f"{name}_size"] = rows.dtype[name].itemsize
    return _framed(rows.tobytes())


def _framed(rows: bytes) -> bytes:
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows + b"\xff\xff"


def _unit(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    found: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)
    return found
