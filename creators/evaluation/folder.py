"""A folder of real creators as evidence, in the layout that `import_creators` takes (docs/authenticity.md)."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from creators.authenticity import Evidence, PostEvidence
from creators.authenticity.norms import DATA, MEASURED_ON
from creators.evaluation.tables import FolderError, number, table

COLUMNS = {
    "creators.csv.gz": ("creator_id", "category", "followers", "followees"),
    "posts.csv.gz": ("post_id", "creator_id", "likes", "comments", "ad_disclosed", "paid_partner"),
    "comment_stats.csv.gz": ("post_id", "fan_comments", "replied_to", "short_or_generic", "mean_words"),
}
# Our name → the file's; a column that is not there is not known.
OF_COMMENTS = {
    "fan_comments": "fan_comments",
    "unique_fans": "unique_fans",
    "replied_to": "replied_to",
    "emoji_only": "emoji_only",
    "generic": "short_or_generic",
    "mean_words": "mean_words",
    "distinct_texts": "distinct_text",
    "from_creators": "from_influencers",
}
LEAST_POSTS = 200


def read_evidence(folder: Path) -> list[Evidence]:
    """Every creator with the posts that were sampled. Raises FolderError for what cannot be read or is too little."""
    people, rows, stats = (table(folder, name, columns) for name, columns in COLUMNS.items())
    comments = {row["post_id"]: row for row in stats}
    niches = niche_slugs()
    followers = {person["creator_id"]: number(person["followers"]) for person in people}
    posts: dict[str, list[PostEvidence]] = {}
    for row in rows:
        if row["creator_id"] in followers:
            found = _post(row, comments.get(row["post_id"], {}), followers[row["creator_id"]])
            posts.setdefault(row["creator_id"], []).append(found)
    if sum(map(len, posts.values())) < LEAST_POSTS:
        raise FolderError(f"{folder} holds fewer than {LEAST_POSTS} posts of creators in creators.csv.gz.")
    return [
        Evidence(
            network=MEASURED_ON,
            followers=followers[person["creator_id"]],
            following=number(person["followees"]),
            niche=niches.get(person["category"], ""),
            posts=posts.get(person["creator_id"], []),
        )
        for person in people
    ]


def niche_slugs() -> dict[str, str]:
    """The categories of such folders as our niches."""
    with (DATA / "category_niches.csv").open(encoding="utf-8", newline="") as file:
        return {row["category"]: row["niche"] for row in csv.DictReader(file)}


def _post(row: Mapping[str, str], stats: Mapping[str, str], followers: float) -> PostEvidence:
    counts: dict[str, Any] = {ours: number(stats.get(theirs)) for ours, theirs in OF_COMMENTS.items()}
    return PostEvidence(
        followers=followers,
        likes=number(row["likes"]),
        comments=number(row["comments"]),
        is_sponsored="true" in (row["ad_disclosed"].lower(), row["paid_partner"].lower()),
        **counts,
    )
