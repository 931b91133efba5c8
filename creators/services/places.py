"""The map and the niche tree: loaded from the files that ship with the product, read by forms and search."""

import csv
import gzip
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from creators.models import Niche, Town
from creators.search import RADIUS_KM, Place
from creators.validity import refuse

DATA = Path(__file__).resolve().parents[1] / "data"
TOWNS_SHOWN = 8


@transaction.atomic
def load_places() -> dict[str, int]:
    """Load towns and niches; a second run changes nothing. Returns how many rows of each were new or changed."""
    return {"towns": _load_towns(), "niches": _load_niches()}


def find_towns(text: str, *, country: str = "", limit: int = TOWNS_SHOWN) -> list[Town]:
    """Towns whose name begins with the text, exact names first; “Bath, GB” narrows to a country."""
    name, _, behind = text.partition(",")
    wanted = name.strip().lower()
    if not wanted:
        return []
    country = (country or behind.strip()[-2:]).upper()
    found = Town.objects.extra(where=["lower(name) LIKE %s"], params=[_literal(wanted) + "%"])
    if len(country) == 2:
        found = found.filter(country=country)
    return list(found.extra(select={"rest": "length(name)"}, order_by=["rest", "name", "country"])[:limit])


def _literal(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _load_towns() -> int:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS given_towns")
        cursor.execute(
            "CREATE TEMP TABLE given_towns (name text, region text, country text, latitude float8, longitude float8)"
            " ON COMMIT DROP"
        )
        with cursor.copy("COPY given_towns FROM STDIN") as copy:
            for row in _rows("towns.csv.gz"):
                copy.write_row((row["name"], row["admin1"], row["country"], row["lat"], row["lon"]))
        cursor.execute(
            "INSERT INTO creators_town (name, region, country, latitude, longitude)"
            " SELECT DISTINCT ON (country, region, name) name, region, country, latitude, longitude FROM given_towns"
            " ON CONFLICT (country, region, name) DO UPDATE"
            " SET latitude = excluded.latitude, longitude = excluded.longitude"
            " WHERE (creators_town.latitude, creators_town.longitude)"
            " IS DISTINCT FROM (excluded.latitude, excluded.longitude)"
        )
        return int(cursor.rowcount)


def _load_niches() -> int:
    """Parents first, whatever the order of the file."""
    rows = {row["slug"]: row for row in _rows("niches.csv")}
    known = {niche.slug: niche for niche in Niche.objects.all()}
    return sum(_store_niche(rows[slug], known) for slug in sorted(rows, key=lambda slug: _depth(slug, rows)))


def _depth(slug: str, rows: Mapping[str, Mapping[str, str]]) -> int:
    above = rows[slug]["parent"]
    return 1 + _depth(above, rows) if above else 0


def _store_niche(row: Mapping[str, str], known: dict[str, Niche]) -> int:
    parent = known[row["parent"]].pk if row["parent"] else None
    wanted = {"name": row["name"], "parent_id": parent, "iab_id": row["iab_id"], "keywords": row["keywords"]}
    niche = known.get(row["slug"])
    if niche and all(getattr(niche, name) == value for name, value in wanted.items()):
        return 0
    known[row["slug"]], _ = Niche.objects.update_or_create(slug=row["slug"], defaults=wanted)
    return 1


def category_niches() -> dict[str, str]:
    """Which niche each category word of an import stands for."""
    return {row["category"]: row["niche"] for row in _rows("category_niches.csv")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    path = DATA / name
    with (
        gzip.open(path, "rt", encoding="utf-8", newline="")
        if name.endswith(".gz")
        else path.open(encoding="utf-8", newline="") as file
    ):
        yield from csv.DictReader(file)


def niche_choices() -> Sequence[tuple[str, str]]:
    """(slug, name) of every niche, children behind their parent with its name before theirs."""
    rows = Niche.objects.order_by().values_list("slug", "name", "parent__name")
    labels = [(slug, f"{above} › {name}" if above else name) for slug, name, above in rows]
    return sorted(labels, key=lambda pair: pair[1])


def find_place(text: str, *, radius_km: float = RADIUS_KM) -> Place:
    """A point on the map from a town's number, from “51.38,-2.36”, or from a town's name."""
    wanted = text.strip()
    point = re.fullmatch(r"(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)", wanted)
    if point:
        latitude, longitude = float(point[1]), float(point[2])
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise refuse("near", _("That point is not on the map."))
        return Place(latitude, longitude, radius_km, wanted)
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 12:
        found = list(Town.objects.filter(pk=int(wanted)))
    else:
        found = find_towns(wanted, limit=1)
    if not found:
        raise refuse("near", _("We don't know that town. Try the town and its country, like Bath, GB."))
    town = found[0]
    return Place(town.latitude, town.longitude, radius_km, f"{town.name}, {town.country}")
