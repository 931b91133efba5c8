"""A small made-up folder: creators of three subjects, and brands that work with creators of one of them."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np

SUBJECTS = {
    "food": "bread flour oven yeast kitchen recipe cake dough butter baker",
    "garden": "seeds soil roses compost watering greenhouse tomato shovel lawn herbs",
    "music": "guitar concert drums melody album stage singer vinyl rhythm chorus",
}
BRANDS = {"milldough": "food", "rootmaker": "garden", "stringbox": "music", "ovenhouse": "food", "greenpath": "garden"}
BRIEFS = {
    "milldough": "Flour for bread and cake dough, with a recipe",
    "rootmaker": "Seeds and compost for roses and herbs",
    "stringbox": "Guitar lessons for singers, with an album",
}


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def made_up(folder: Path, *, creators: int = 90, named: bool = False, telling: bool = True, seed: int = 5) -> Path:
    """Writes the folder. `named`: captions of collaborators (and the briefs) say the brand's name. `telling`: captions
    are about the creator's subject; otherwise all are alike and only a name can give a collaborator away."""
    random = np.random.default_rng(seed)
    subject = [list(SUBJECTS)[row % 3] for row in range(creators)]
    partners: dict[str, list[int]] = {}
    for brand, wanted in BRANDS.items():
        own = [row for row in range(creators) if subject[row] == wanted]
        partners[brand] = [int(row) for row in random.choice(own, 10, replace=False)]
    people, posts, comments, pairs = [], [], [], []
    everything = " ".join(SUBJECTS.values()).split()
    for row in range(creators):
        words = SUBJECTS[subject[row]].split() if telling else everything
        brands = [brand for brand, rows in partners.items() if row in rows]
        said = [str(word) for word in random.choice(words, 8)] + (brands if named else [])
        people.append(
            {"creator_id": f"c{row}", "category": subject[row], "followers": int(random.lognormal(9, 1)),
             "followees": 300, "posts": 40, "n_sampled": 1}
        )  # fmt: skip
        posts.append(
            {"post_id": row, "creator_id": f"c{row}", "likes": 100 + row, "comments": 9, "text": " ".join(said)}
        )
        comments.append(
            {"post_id": row, "fan_comments": 9, "unique_fans": 8, "replied_to": 3, "short_or_generic": row % 9,
             "mean_words": 4.5}
        )  # fmt: skip
        pairs += [{"brand": brand, "creator_id": f"c{row}"} for brand in brands]
    for name, rows in (("creators", people), ("posts", posts), ("comment_stats", comments), ("pairs", pairs)):
        write(folder / f"{name}.csv.gz", rows)
    briefs = [{"brand": brand, "brief": f"{text} {brand if named else ''}"} for brand, text in BRIEFS.items()]
    (folder / "briefs.json").write_text(json.dumps(briefs))
    return folder
