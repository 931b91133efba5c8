"""Turns checked values into the rows to stage; knows the niches and towns that files may name."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.text import slugify

from creators.commenters import hash_of, key_of, sketch
from creators.importing.rows import BadCell, minor
from creators.importing.tables import GIVEN_CREATORS
from creators.models import Niche, Town
from creators.refresh import niche_ancestors
from marketplace.kit.models import new_public_id


@dataclass(frozen=True, slots=True)
class Niches:
    """The tree in memory: 100 rows instead of a join per creator."""

    by_slug: Mapping[str, tuple[int, str]]
    above: Mapping[str, Sequence[str]]
    categories: Mapping[str, str]

    def read(self, slugs: Sequence[str] | None, category: str | None) -> dict[str, Any]:
        """The niche columns of a creator; nothing when the file says nothing."""
        if category and not slugs:
            slugs = [self._of_category(category)]
        if not slugs:
            return {}
        for slug in slugs:
            if slug not in self.by_slug:
                raise BadCell(f"is no niche we know: {slug[:48]!r}")
        names = {slug: self.by_slug[slug][1] for slug in slugs}
        ordered = sorted(slugs, key=lambda slug: names[slug])
        return {
            "niche_ids": [self.by_slug[slug][0] for slug in ordered],
            "niche_names": [names[slug] for slug in ordered],
            "niche_slugs": sorted({above for slug in slugs for above in self.above[slug]}),
            "niche_words": " ".join(f"{names[slug]} {slug}" for slug in ordered),
        }

    def _of_category(self, category: str) -> str:
        found = self.categories.get(category.lower())
        if found is None:
            raise BadCell(f"is no category we know: {category!r}")
        return found


def load_niches(categories: Mapping[str, str]) -> Niches:
    """Read the whole tree once."""
    rows = list(Niche.objects.order_by().values_list("pk", "slug", "name"))
    slugs = {pk: slug for pk, slug, _name in rows}
    above = {slugs[pk]: [slugs[key] for key in path] for pk, path in niche_ancestors().items()}
    return Niches({slug: (pk, name) for pk, slug, name in rows}, above, categories)


class Towns:
    """Towns by name and country, looked up once for each name."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Town | None] = {}

    def read(self, name: str | None, country: str | None) -> dict[str, Any]:
        if not name:
            return {}
        if not country:
            raise BadCell("needs a country beside it")
        key = (name.lower(), country)
        if key not in self._known:
            self._known[key] = Town.objects.filter(country=country, name__iexact=name).order_by("pk").first()
        town = self._known[key]
        if town is None:
            raise BadCell(f"is no town we know in {country}: {name[:40]!r}")
        label = f"{town.name}, {town.country}"
        return {"town_id": town.pk, "town_label": label, "latitude": town.latitude, "longitude": town.longitude}


class Handles:
    """Page addresses for those who come without one: made of the external id, each given once in a file."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def make(self, external_id: str) -> str:
        mark = hashlib.sha256(external_id.encode()).hexdigest()[:7]
        handle = slugify(external_id)[:40].strip("-") or f"creator-{mark}"
        if handle in self._given:
            handle = f"{handle[:32]}-{mark}"
        self._given.add(handle)
        return handle


class Commenters:
    """Who was seen under the posts of each channel, as hashes; whole sets while the file is read."""

    def __init__(self) -> None:
        self._key = key_of(settings.SECRET_KEY)
        self._seen: dict[int, set[int]] = {}

    def add(self, channel_id: int, ids: Sequence[str]) -> None:
        if ids:
            self._seen.setdefault(channel_id, set()).update(hash_of(one, self._key) for one in ids)

    def rows(self) -> Iterator[list[Any]]:
        """Channel, sketch and number of people, as staged."""
        for channel_id, hashes in self._seen.items():
            yield [channel_id, sketch(hashes), len(hashes)]


def creator_row(line: int, values: Mapping[str, Any], more: Mapping[str, Any], handle: str) -> list[Any]:
    """The staged row: what the file says, what it means with us, fresh ids in case it is new."""
    fixed = {
        "line": line,
        "handle": handle,
        "public_id": new_public_id(),
        "channel_public_id": new_public_id(),
        "network": values["network"] or "instagram",
        "channel_handle": (values["handle"] or values["external_id"]).removeprefix("@"),
    }
    whole = {**values, **more, **fixed}
    return [whole.get(name) for name in GIVEN_CREATORS]


def fee_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The minimum fee in minor units of the row's currency."""
    said = values["minimum_fee"]
    return {"minimum_fee_minor": minor(said, values["currency"] or "EUR")} if said else {}
