"""Reads a folder in the layout of `import_creators` into arrays; brand names are masked out of every caption."""

import csv
import gzip
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from campaigns.matching import BriefFacts, Pool
from creators.embedding import MODEL, build, mean_by_owner
from creators.embedding.encoder import Embedder

CHUNK = 512


@dataclass(frozen=True)
class Folder:
    """What is read once: creators as arrays, posts by row, and who worked with whom."""

    creators: NDArray[np.int64]
    category: list[str]
    followers: NDArray[np.float64]
    owner: NDArray[np.int64]
    texts: list[str]
    figures: dict[str, NDArray[np.float64]]
    briefs: list[dict[str, str]]
    pairs: dict[str, NDArray[np.int64]]


def rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def read(folder: Path) -> Folder:
    """Everything but the vectors; posts of unknown creators are left out."""
    people = list(rows(folder / "creators.csv.gz"))
    row_of = {person["creator_id"]: row for row, person in enumerate(people)}
    pairs: dict[str, list[int]] = {}
    for pair in rows(folder / "pairs.csv.gz"):
        pairs.setdefault(pair["brand"].lower(), []).append(row_of.get(pair["creator_id"], -1))
    posts = [post for post in rows(folder / "posts.csv.gz") if post["creator_id"] in row_of]
    comments = {row["post_id"]: row for row in rows(folder / "comment_stats.csv.gz")}
    mask = masker(list(pairs))
    return Folder(
        creators=np.arange(len(people), dtype=np.int64),
        category=[person["category"] for person in people],
        followers=np.array([_number(person["followers"]) for person in people]),
        owner=np.array([row_of[post["creator_id"]] for post in posts], dtype=np.int64),
        texts=[mask(post["text"]) for post in posts],
        figures=_figures(posts, comments),
        briefs=json.loads((folder / "briefs.json").read_text()),
        pairs={brand: np.array(sorted({row for row in found if row >= 0})) for brand, found in pairs.items()},
    )


def _figures(posts: list[dict[str, str]], comments: dict[str, dict[str, str]]) -> dict[str, NDArray[np.float64]]:
    of_post = {name: np.array([_number(post[name]) for post in posts]) for name in ("likes", "comments")}
    of_post["sponsored"] = np.array(
        [_flag(post["ad_disclosed"]) or _flag(post["paid_partner"]) for post in posts], float
    )
    names = ("fan_comments", "unique_fans", "replied_to", "short_or_generic", "mean_words")
    empty: dict[str, str] = {}
    stats = [comments.get(post["post_id"], empty) for post in posts]
    return of_post | {name: np.array([_number(row.get(name, "")) for row in stats]) for name in names}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _flag(text: str) -> bool:
    return text.lower() in {"1", "1.0", "true"}


def masker(brands: list[str]) -> Callable[[str], str]:
    """Drops every word that carries a brand account's name: alone, as a mention, or inside a hashtag."""
    plain = sorted({re.sub(r"[._]", "", brand) for brand in brands} - {""}, key=len, reverse=True)
    inside = "|".join(re.escape(name) for name in plain if len(name) >= 5)
    start = "|".join(re.escape(name) for name in plain if len(name) < 5)
    named = re.compile(f"{inside}|^[@#]?(?:{start})" if start else inside)

    @lru_cache(maxsize=500_000)
    def kept(word: str) -> str:
        return "" if named.search(re.sub(r"[._]", "", word.lower())) else word

    word = re.compile(r"[@#]?[\w.&'-]+")
    return lambda text: word.sub(lambda found: kept(found[0]), text)


def post_vectors(texts: list[str], cache: Path, *, threads: int = 2) -> NDArray[np.float32]:
    """Every post's vector, computed once and kept beside the model's version."""
    kept = cache / f"posts-{MODEL.replace('/', '-')}-{len(texts)}.npy"
    if not kept.exists():
        build(cache)
        model, started = Embedder(cache, threads=threads), time.perf_counter()
        parts = [model.encode(texts[at : at + CHUNK]) for at in range(0, len(texts), CHUNK)]
        took = time.perf_counter() - started
        np.save(kept, np.vstack(parts).astype(np.float16))
        print(f"embedded {len(texts):,} posts in {took:.0f} s: {len(texts) / took:.0f} a second, {threads} threads")
    found: NDArray[np.float32] = np.load(kept).astype(np.float32)
    return found


def prepare(folder: Path, cache: Path) -> Path:
    """What a database would hold, as one file: a vector, a niche and figures for each creator, and the briefs."""
    path = cache / f"pool-{MODEL.replace('/', '-')}.npz"
    if path.exists():
        return path
    cache.mkdir(parents=True, exist_ok=True)
    found = read(folder)
    vectors = mean_by_owner(post_vectors(found.texts, cache), found.owner, len(found.creators))
    names = sorted(set(found.category))
    category = np.array([names.index(name) for name in found.category])
    briefs = Embedder(cache, threads=2).encode([brief["brief"] for brief in found.briefs])
    pairs = {f"pair{row}": found.pairs.get(brief["brand"].lower(), []) for row, brief in enumerate(found.briefs)}
    np.savez(
        path,
        vectors=vectors.astype(np.float16),
        category=category,
        names=np.array(names),
        briefs=briefs,
        texts=np.array([brief["brief"] for brief in found.briefs]),
        **figures_by_creator(found),
        **pairs,
    )
    return path


def figures_by_creator(found: Folder) -> dict[str, NDArray[np.float64]]:
    """The columns of a pool. Every creator has "one post": counting sampled posts would leak who was looked at."""
    count, post = len(found.creators), found.figures
    likes, comments = np.nan_to_num(post["likes"]), np.nan_to_num(post["comments"])
    per_follower = np.log((likes + comments + 0.5) / np.maximum(found.followers[found.owner], 1))
    fans = _per_owner(found.owner, post["fan_comments"], count, np.sum)
    seen = np.where(fans > 0, fans, np.nan)
    return {
        "followers": found.followers,
        "engagement_rate": np.exp(_per_owner(found.owner, per_follower, count, np.mean)),
        "engagement_posts": np.ones(count),
        "comments_per_like": _per_owner(found.owner, comments, count, np.sum)
        / np.maximum(_per_owner(found.owner, likes, count, np.sum), 1),
        "reply_rate": np.minimum(_per_owner(found.owner, post["replied_to"], count, np.sum) / seen, 1),
        "genuine_share": np.clip(1 - _per_owner(found.owner, post["short_or_generic"], count, np.sum) / seen, 0, 1),
        "comment_words": _per_owner(found.owner, post["mean_words"], count, np.mean),
        "comments_seen": fans,
    }


def _per_owner(
    owner: NDArray[np.int64], values: NDArray[np.float64], count: int, how: Callable[..., object]
) -> NDArray[np.float64]:
    """Sum or mean of the known values of each owner; NaN without any."""
    known = ~np.isnan(values)
    total = np.bincount(owner[known], values[known], minlength=count)
    number = np.bincount(owner[known], minlength=count)
    kept = total if how is np.sum else total / np.maximum(number, 1)
    return np.where(number > 0, kept, np.nan)


@dataclass(frozen=True)
class World:
    """The prepared file in memory: the pool, the briefs, and the creators who really worked with each brand."""

    pool: Pool
    briefs: list[BriefFacts]
    collaborators: list[NDArray[np.int64]]


def load(path: Path) -> World:
    """As a matching job would read it: one pass, straight into arrays."""
    with np.load(path) as held:
        names, category = [str(name) for name in held["names"]], held["category"]
        vectors = held["vectors"].astype(np.float32)
        figures = {name: held[name] for name in FIGURE_NAMES}
        texts, wanted = held["texts"], held["briefs"]
        collaborators = [held[f"pair{row}"].astype(np.int64) for row in range(len(texts))]
    niches = np.eye(len(names))[category]
    count = len(category)
    pool = Pool.of(
        np.arange(count), vectors=vectors, niches=niches, niche_names=names, platform=["instagram"] * count, **figures
    )
    weights = _niches_of_briefs(vectors, category, wanted, len(names))
    briefs = [
        BriefFacts(text=str(text), vector=vector, niches=dict(zip(names, row.tolist(), strict=True)))
        for text, vector, row in zip(texts, wanted, weights, strict=True)
    ]
    return World(pool, briefs, collaborators)


FIGURE_NAMES = (
    "followers",
    "engagement_rate",
    "engagement_posts",
    "comments_per_like",
    "reply_rate",
    "genuine_share",
    "comment_words",
    "comments_seen",
)


def _niches_of_briefs(
    vectors: NDArray[np.float32], category: NDArray[np.int64], briefs: NDArray[np.float32], count: int
) -> NDArray[np.float64]:
    """Which niches a business would tick: those whose average creator is nearest, as shares. Uses no pair."""
    spoken = vectors.any(axis=1)
    middle = vectors[spoken].mean(axis=0)
    centres = np.vstack([vectors[spoken & (category == niche)].mean(axis=0) for niche in range(count)]) - middle
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    away = briefs - middle
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    shares = np.exp(8 * (away @ centres.T).astype(np.float64))
    total: NDArray[np.float64] = shares / shares.sum(axis=1, keepdims=True)
    return total
