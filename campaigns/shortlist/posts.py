"""The single posts of the last few hundred of a ranking."""

from __future__ import annotations

import numpy as np
from django.db.models import F
from django.db.models.functions import Left
from numpy.typing import NDArray

from campaigns.matching.posts import Posts
from creators.embedding import unpack
from creators.models import PostVector

LETTERS = 200


def posts_of(ids: NDArray[np.int64], *, model: str) -> Posts:
    """What this model read of these creators' newest posts, in one query."""
    rows = PostVector.objects.filter(creator_id__in=ids.tolist(), model=model)
    newest_first = rows.order_by("creator_id", F("post__posted_on").desc(nulls_last=True), "-post_id")
    columns = ("creator_id", "vector", "post__posted_on", Left("post__text", LETTERS))
    found = list(newest_first.values_list(*columns))
    return Posts(
        owners=np.array([row[0] for row in found], dtype=np.int64),
        vectors=unpack([row[1] for row in found]),
        days=[row[2].isoformat() if row[2] else "" for row in found],
        words=[row[3] for row in found],
    )
