"""What a creator's texts mean: the mean direction of the profile and the newest posts, and each of these posts."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from creators import embedding
from creators.embedding.vectors import mean_by_owner, pack, unpack
from creators.models import Creator, CreatorVector, Post, PostVector

POSTS_READ = 8
CHARACTERS = 1_000


def embed_creators(creator_ids: Iterable[int]) -> int:
    """Make the vectors of these creators whose texts changed; returns how many were made anew.

    The language model reads them once it is built; until then letters stand in, under their own name.
    """
    model = embedding.current(settings.DATA_DIR, light=settings.EMBEDDING_LIGHT)
    ids = sorted(set(creator_ids))
    # Read before the texts: a text that changes meanwhile leaves the row due, and the sweep comes again.
    started = timezone.now()
    texts = _texts(ids)
    hashes = {pk: _hash("\x1f".join(said.all)) for pk, said in texts.items()}
    made = CreatorVector.objects.filter(creator_id__in=ids, model=model, posts__isnull=False)
    known = set(made.values_list("creator_id", "texts_hash"))
    changed = [pk for pk in texts if (pk, hashes[pk]) not in known]
    unchanged = [pk for pk in texts if (pk, hashes[pk]) in known]
    CreatorVector.objects.filter(creator_id__in=unchanged).update(made_at=started)
    if changed:
        _store({pk: texts[pk] for pk in changed}, hashes, model=model)
        CreatorVector.objects.filter(creator_id__in=changed).update(made_at=started)
    return len(changed)


@dataclass(frozen=True)
class Said:
    """What a creator says: the profile's own words, and the newest posts, the newest first."""

    profile: str
    posts: list[tuple[int, str]] = field(default_factory=list)

    @property
    def all(self) -> list[str]:
        return [self.profile, *(text for _pk, text in self.posts)]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _texts(ids: Sequence[int]) -> dict[int, Said]:
    """What each of these creators says, as far as it is read."""
    profiles = Creator.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "bio", "niche_names")
    texts = {pk: Said(f"{', '.join(niches)}. {bio}".strip()) for pk, bio, niches in profiles}
    rows = Post.objects.filter(channel__creator_id__in=list(texts)).exclude(text="")
    newest_first = rows.order_by("channel__creator_id", F("posted_on").desc(nulls_last=True), "-pk")
    for owner, pk, text in newest_first.values_list("channel__creator_id", "pk", "text").iterator(chunk_size=2_000):
        if len(texts[owner].posts) < POSTS_READ:
            texts[owner].posts.append((pk, text[:CHARACTERS]))
    return texts


def _store(texts: Mapping[int, Said], hashes: Mapping[int, str], *, model: str) -> None:
    """Write what these creators and their posts mean; a post that was read before is not read again."""
    posts = {pk: (owner, text) for owner, said in texts.items() for pk, text in said.posts}
    kept = _kept(list(texts), model)
    unread = [pk for pk, (_owner, text) in posts.items() if (pk, _hash(text)) not in kept]
    asked = [said.profile for said in texts.values()] + [posts[pk][1] for pk in unread]
    vectors = embedding.encode(asked, data_dir=settings.DATA_DIR, model=model)
    fresh = {pk: pack(vector) for pk, vector in zip(unread, vectors[len(texts) :], strict=True)}
    halves = [fresh[pk] if pk in fresh else kept[pk, _hash(text)] for pk, (_owner, text) in posts.items()]
    place = {pk: row for row, pk in enumerate(texts)}
    owners = [*place.values(), *(place[owner] for owner, _text in posts.values())]
    parts = np.vstack([vectors[: len(texts)], unpack(halves)])
    means = mean_by_owner(parts, np.array(owners, dtype=np.int64), len(texts))
    rows = [
        CreatorVector(creator_id=pk, model=model, vector=pack(mean), texts_hash=hashes[pk], posts=len(texts[pk].posts))
        for pk, mean in zip(texts, means, strict=True)
    ]
    read = [
        PostVector(post_id=pk, creator_id=posts[pk][0], model=model, vector=vector, text_hash=_hash(posts[pk][1]))
        for pk, vector in fresh.items()
    ]
    _write(rows, read, posts=list(posts))


def _kept(ids: Sequence[int], model: str) -> dict[tuple[int, str], bytes]:
    """The posts of these creators that this model has read: (post, hash of its text) → vector."""
    rows = PostVector.objects.filter(creator_id__in=ids, model=model).order_by()
    return {(pk, hashed): bytes(vector) for pk, hashed, vector in rows.values_list("post_id", "text_hash", "vector")}


@transaction.atomic
def _write(rows: Sequence[CreatorVector], read: Sequence[PostVector], *, posts: Sequence[int]) -> None:
    older = PostVector.objects.filter(creator_id__in=[row.creator_id for row in rows]).exclude(post_id__in=posts)
    older.delete()
    PostVector.objects.bulk_create(
        read,
        update_conflicts=True,
        unique_fields=["post"],
        update_fields=["creator", "model", "vector", "text_hash"],
    )
    CreatorVector.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["creator"],
        update_fields=["model", "vector", "texts_hash", "posts", "made_at"],
    )
