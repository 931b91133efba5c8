"""A folder of real creators, their posts and who worked with whom, as arrays (layout: docs/matching.md)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.evaluation.masking import masker
from creators.evaluation import tables
from creators.evaluation.tables import FolderError, Numbers, numbers

COLUMNS = {
    "creators.csv.gz": ("creator_id", "category", "followers", "followees", "posts"),
    "posts.csv.gz": ("post_id", "creator_id", "likes", "comments", "text"),
    "comment_stats.csv.gz": ("post_id", "fan_comments", "replied_to", "short_or_generic", "mean_words"),
    "pairs.csv.gz": ("brand", "creator_id"),
}
OF_COMMENTS = ("fan_comments", "unique_fans", "replied_to", "short_or_generic", "mean_words")


@dataclass(frozen=True)
class Folder:
    """Creators by row, posts by row with their `owner` (a row of creators), briefs, and brand → rows of creators.

    Every caption is masked already. NaN is "not known". Numbers a creator's profile shows are in `profile`, numbers
    of single posts in `figures`.
    """

    category: list[str]
    profile: dict[str, Numbers]
    owner: NDArray[np.int64]
    texts: list[str]
    figures: dict[str, Numbers]
    briefs: dict[str, str]
    pairs: dict[str, NDArray[np.int64]]

    @property
    def followers(self) -> Numbers:
        return self.profile["followers"]

    def __len__(self) -> int:
        return len(self.category)


def read(folder: Path, *, mask: bool = True) -> Folder:
    """Everything but the vectors; posts and pairs of unknown creators are left out, and so are comments where the
    folder has none.

    `mask=False` leaves brand names in the captions, which is only of use to show that masking matters.
    Raises FolderError for a missing file or column, and where nothing is left to rank.
    """
    if not folder.is_dir():
        raise FolderError(f"{folder} is no folder." if folder.exists() else f"There is no folder {folder}.")
    people = list({person["creator_id"]: person for person in table(folder, "creators.csv.gz")}.values())
    row_of = {person["creator_id"]: row for row, person in enumerate(people)}
    posts = [post for post in table(folder, "posts.csv.gz") if post["creator_id"] in row_of]
    comments = {row["post_id"]: row for row in _of_comments(folder)}
    pairs: dict[str, set[int]] = {}
    for pair in table(folder, "pairs.csv.gz"):
        if pair["creator_id"] in row_of and pair["brand"].strip():
            pairs.setdefault(_name(pair["brand"]), set()).add(row_of[pair["creator_id"]])
    masked = masker(pairs) if mask else str
    found = Folder(
        category=[person["category"] for person in people],
        profile={name: numbers(people, name) for name in ("followers", "followees", "posts")},
        owner=np.array([row_of[post["creator_id"]] for post in posts], dtype=np.int64),
        texts=[masked(post["text"]) for post in posts],
        figures=_figures(posts, comments),
        briefs={brand: masked(text) for brand, text in _briefs(folder).items()},
        pairs={brand: np.array(sorted(rows), dtype=np.int64) for brand, rows in sorted(pairs.items())},
    )
    if not found.texts or not found.pairs:
        raise FolderError(f"{folder} holds no post or no pair of a creator in creators.csv.gz.")
    return found


def table(folder: Path, name: str, *, may_be_empty: bool = False) -> list[dict[str, str]]:
    """All rows of one file. Raises FolderError where it is missing, broken, lacks a column or, unless it may, rows."""
    return tables.table(folder, name, COLUMNS[name], may_be_empty=may_be_empty)


def _of_comments(folder: Path) -> list[dict[str, str]]:
    """What is known of comments, which not every folder tells."""
    if not (folder / "comment_stats.csv.gz").exists():
        return []
    return table(folder, "comment_stats.csv.gz", may_be_empty=True)


def _briefs(folder: Path) -> dict[str, str]:
    """Brand → brief. Raises FolderError unless the file is a list of {brand, brief}."""
    path = folder / "briefs.json"
    try:
        said: Any = json.loads(path.read_text(encoding="utf-8"))
        return {_name(str(row["brand"])): str(row["brief"]) for row in said}
    except FileNotFoundError:
        raise FolderError(f"There is no briefs.json in {folder}.") from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise FolderError(f"{path} is not a list of {{brand, brief}}: {error}") from error


def _figures(posts: list[dict[str, str]], comments: dict[str, dict[str, str]]) -> dict[str, Numbers]:
    empty: dict[str, str] = {}
    stats = [comments.get(post["post_id"], empty) for post in posts]
    of_posts = {name: numbers(posts, name) for name in ("likes", "comments")}
    return of_posts | {name: numbers(stats, name) for name in OF_COMMENTS}


def _name(brand: str) -> str:
    return brand.strip().lower()
