"""Reads a folder in the layout of `import_creators` into arrays; brand names are masked out of every caption."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from campaigns.evaluation.folder import read
from campaigns.evaluation.vectors import embedded
from campaigns.evaluation.world import figures_by_creator
from campaigns.matching import BriefFacts, Pool
from creators.embedding import MODEL, build, mean_by_owner
from creators.embedding.encoder import Embedder

SHARPNESS = 8.0


def post_vectors(texts: list[str], cache: Path) -> NDArray[np.float32]:
    """Every post's vector, computed once and kept under a name made from what was read."""
    build(cache)
    started = time.perf_counter()
    found = embedded(texts, data_dir=cache, model=MODEL, advance=lambda *_: None)
    print(f"vectors of {len(texts):,} posts after {time.perf_counter() - started:.0f} s")
    return found


def nearest_categories(
    vectors: NDArray[np.float32], category: NDArray[np.int64], wanted: NDArray[np.float32], count: int
) -> NDArray[np.float64]:
    """Which niches a business would tick for texts of these vectors: those whose average creator is nearest, as
    shares (texts × count)."""
    middle = vectors.mean(axis=0)
    centres = np.vstack([vectors[category == kind].mean(axis=0) for kind in range(count)]) - middle
    shares = np.exp(SHARPNESS * (_units(wanted - middle) @ _units(centres).T).astype(np.float64))
    found: NDArray[np.float64] = shares / shares.sum(axis=1, keepdims=True)
    return found


def _units(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    units: NDArray[np.float32] = rows / np.maximum(length, 1e-9)
    return units


def prepare(folder: Path, cache: Path) -> Path:
    """What a database would hold, as one file: a vector, a niche and figures for each creator, and the briefs."""
    path = cache / f"pool-{MODEL.replace('/', '-')}.npz"
    if path.exists():
        return path
    cache.mkdir(parents=True, exist_ok=True)
    found = read(folder)
    vectors = mean_by_owner(post_vectors(found.texts, cache), found.owner, len(found))
    names = sorted(set(found.category))
    category = np.array([names.index(name) for name in found.category])
    briefs = Embedder(cache, threads=2).encode(list(found.briefs.values()))
    pairs = {f"pair{row}": found.pairs.get(brand, []) for row, brand in enumerate(found.briefs)}
    np.savez(
        path,
        vectors=vectors.astype(np.float16),
        category=category,
        names=np.array(names),
        briefs=briefs,
        texts=np.array(list(found.briefs.values())),
        **figures_by_creator(found),
        **pairs,
    )
    return path


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
    spoken = vectors.any(axis=1)
    weights = nearest_categories(vectors[spoken], category[spoken], wanted, len(names))
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
