"""What a creator's texts mean: the mean direction of the profile and the newest posts."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from creators import embedding
from creators.embedding.vectors import mean_by_owner, pack
from creators.models import Creator, CreatorVector, Post

POSTS_READ = 8
CHARACTERS = 1_000


def embed_creators(creator_ids: Iterable[int]) -> int:
    """Make the vectors of these creators whose texts changed; returns how many were made anew.

    The language model reads them once it is built; until then letters stand in, under their own name.
    """
    model = embedding.current(settings.DATA_DIR)
    ids = sorted(set(creator_ids))
    # Read before the texts: a text that changes meanwhile leaves the row due, and the sweep comes again.
    started = timezone.now()
    texts = _texts(ids)
    hashes = {pk: hashlib.sha256("\x1f".join(parts).encode()).hexdigest() for pk, parts in texts.items()}
    known = set(CreatorVector.objects.filter(creator_id__in=ids, model=model).values_list("creator_id", "texts_hash"))
    changed = [pk for pk in texts if (pk, hashes[pk]) not in known]
    unchanged = [pk for pk in texts if (pk, hashes[pk]) in known]
    CreatorVector.objects.filter(creator_id__in=unchanged).update(made_at=started)
    if changed:
        _store(changed, texts, hashes, model=model)
        CreatorVector.objects.filter(creator_id__in=changed).update(made_at=started)
    return len(changed)


def _texts(ids: Sequence[int]) -> dict[int, list[str]]:
    """The profile's own words, then the newest posts."""
    texts: dict[int, list[str]] = {}
    for pk, bio, niches in Creator.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "bio", "niche_names"):
        texts[pk] = [f"{', '.join(niches)}. {bio}".strip()]
    posts: dict[int, list[str]] = defaultdict(list)
    rows = Post.objects.filter(channel__creator_id__in=list(texts)).exclude(text="")
    newest_first = rows.order_by("channel__creator_id", F("posted_on").desc(nulls_last=True), "-pk")
    for owner, text in newest_first.values_list("channel__creator_id", "text").iterator(chunk_size=2_000):
        if len(posts[owner]) < POSTS_READ:
            posts[owner].append(text[:CHARACTERS])
    return {pk: parts + posts[pk] for pk, parts in texts.items()}


def _store(ids: Sequence[int], texts: dict[int, list[str]], hashes: dict[int, str], *, model: str) -> None:
    flat = [text for pk in ids for text in texts[pk]]
    owners = np.array([row for row, pk in enumerate(ids) for _ in texts[pk]], dtype=np.int64)
    matrix = mean_by_owner(embedding.encode(flat, data_dir=settings.DATA_DIR, model=model), owners, len(ids))
    CreatorVector.objects.bulk_create(
        [
            CreatorVector(creator_id=pk, model=model, vector=pack(row), texts_hash=hashes[pk])
            for pk, row in zip(ids, matrix, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["creator"],
        update_fields=["model", "vector", "texts_hash", "made_at"],
    )
