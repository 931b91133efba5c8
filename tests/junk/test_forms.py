"""Every field of every form, filled with junk: a clear message at the field, and what was typed stays."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.junk.values import LINES, TEXTS, complaint, pick
from tests.permissions.asking import Outcome, ask
from tests.permissions.pages_table import PAGES
from tests.permissions.rows import Row, fields_of, read_rows
from tests.permissions.sending import BRIEF_PAGE, PAGE_FIELDS, TERMS_PAGE
from tests.permissions.world import PERSONS, World

pytestmark = pytest.mark.django_db
ROWS = [row for row in read_rows(PAGES) if row.method == "POST" and "+" in "".join(row.words)]
ROWS = [row for row in ROWS if "their_draft" not in row.things]
PER_FIELD = 3
# Fields that these forms have and the matrix leaves empty.
MORE: dict[str, dict[str, str]] = {
    "campaign_new": {"town": "", "radius_km": "", "product_value": "", "languages": "", "platforms": "", "dos": ""},
    "offer_new": {"product": "", "note": "", "usage_paid_ads": ""},
    "business_new": {"about": "", "website": "", "town": ""},
    "profile_place": {"town": ""},
}
SEARCH = [
    "q", "niche", "platform", "language", "country", "near", "radius_km", "price_min", "price_max", "currency",
    "engagement_min", "tier", "available", "order", "cursor", "c",
]  # fmt: skip
LISTS = {
    "/discover/": SEARCH,
    "/discover/towns/": ["near", "town"],
    "/creators/compare/": ["c"],
    "/notices/": ["page"],
    "/campaigns/new/": ["goal", "business"],
}
CHOICES = ("country", "currency", "goal", "role", "network", "items-0-kind")


def _may(row: Row) -> str:
    return PERSONS[next(place for place, word in enumerate(row.words) if "+" in word)]


def _post(world: World, row: Row, before: dict[str, str], asked: list[str], fields: dict[str, Any]) -> Outcome:
    data = encode_multipart(BOUNDARY, fields)
    return ask(
        world.browsers[_may(row)], "POST", row.path(world), before, asked, data=data, content_type=MULTIPART_CONTENT
    )


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_no_text_in_a_field_breaks_a_page(row: Row, world: World, before: dict[str, str], asked: list[str]) -> None:
    wrong = []
    fields = fields_of(row, PAGE_FIELDS, world)
    for seed, name in enumerate(fields | MORE.get(row.name, {})):
        for value in [*pick(TEXTS, seed * 5 + ROWS.index(row), PER_FIELD), SimpleUploadedFile("a.txt", b"x")]:
            got = _post(world, row, before, asked, fields | {name: value})
            if told := complaint(got):
                wrong.append(f"{name}={value!r:.60}: {told}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_text_of_two_lines_breaks_no_page(row: Row, world: World, before: dict[str, str], asked: list[str]) -> None:
    fields = fields_of(row, PAGE_FIELDS, world)
    for name in fields:
        got = _post(world, row, before, asked, fields | {name: LINES})
        assert not complaint(got), f"{name}: {complaint(got)}"


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_an_empty_form_is_answered(row: Row, world: World, before: dict[str, str], asked: list[str]) -> None:
    got = _post(world, row, before, asked, {})

    assert not complaint(got), complaint(got)


@pytest.mark.parametrize("count", ["-1", "0", "x", "", "1e9", "9" * 30, "999999999", "٣"])
@pytest.mark.parametrize("name", ["items-TOTAL_FORMS", "items-INITIAL_FORMS"])
def test_a_forged_number_of_lines_is_answered(
    name: str, count: str, world: World, before: dict[str, str], asked: list[str]
) -> None:
    for row, fields in ((_row("campaign_new"), BRIEF_PAGE), (_row("offer_new"), TERMS_PAGE)):
        got = _post(world, row, before, asked, fields | {name: count})
        assert not complaint(got), complaint(got)


def _row(name: str) -> Row:
    return next(row for row in ROWS if row.name == name)


WRONG = [
    ("campaign_new", "budget", "0"), ("campaign_new", "budget", "-5"), ("campaign_new", "budget", "1000000000000000"),
    ("campaign_new", "budget", "12.345"), ("campaign_new", "budget", "a lot"), ("campaign_new", "budget", ""),
    ("campaign_new", "ends_on", "2020-01-01"), ("campaign_new", "ends_on", "9999-12-31"),
    ("campaign_new", "ends_on", "soon"), ("campaign_new", "title", "x" * 81),
    ("campaign_new", "town", "Nowhere at all"), ("campaign_new", "radius_km", "-1"),
    ("campaign_new", "creators_wanted", "0"), ("campaign_new", "items-0-count", "0"),
    ("campaign_new", "items-0-kind", "statue"), ("campaign_new", "goal", "fame"),
    ("offer_new", "fee", "0"), ("offer_new", "fee", "-1"), ("offer_new", "fee", "1000000000000000"),
    ("offer_new", "fee", "601"), ("offer_new", "due_on", "2020-01-01"), ("offer_new", "due_on", "9999-12-31"),
    ("offer_new", "usage_days", "-1"),
    ("business_new", "currency", "XXX"), ("business_new", "country", "??"), ("business_new", "website", "no address"),
    ("profile_about", "handle", "not a handle"), ("profile_about", "display_name", "x" * 61),
    ("profile_channels", "followers", "-1"), ("profile_channels", "network", "myspace"),
    ("profile_channels", "figures_on", "2999-01-01"), ("profile_rates", "price", "0"),
    ("profile_rates", "price", "1e5"),
    ("team", "email", "nobody"), ("team", "role", "king"), ("key_list", "days", "0"), ("key_list", "name", "x" * 61),
]  # fmt: skip


@pytest.mark.parametrize(("name", "field", "value"), WRONG)
def test_a_wrong_field_is_named_and_the_rest_stays(
    name: str, field: str, value: str, world: World, before: dict[str, str], asked: list[str]
) -> None:
    row = _row(name)
    fields = fields_of(row, PAGE_FIELDS, world)
    got = _post(world, row, before, asked, fields | {field: value})
    page = got.body.decode()
    kept = max((text for key, text in fields.items() if key != field and "-" not in key), key=len)

    assert got.status in (400, 409), got.gist
    assert not got.changed
    assert 'aria-invalid="true"' in page or 'role="alert"' in page
    assert escape(kept) in page or kept in page
    assert not value or escape(value) in page or field in CHOICES


@pytest.mark.parametrize("path", LISTS)
def test_no_filter_breaks_a_page(path: str, world: World, before: dict[str, str], asked: list[str]) -> None:
    wrong = []
    for name in LISTS[path]:
        for value in pick(TEXTS, len(name), 12):
            query = urlencode({name: value})
            got = ask(world.browsers["owner"], "GET", path, before, asked, QUERY_STRING=query)
            if told := complaint(got) or ("" if got.status in (200, 302, 404) else f"answered {got.gist}"):
                wrong.append(f"{name}={value!r:.60}: {told}")

    assert not wrong, "\n".join(wrong)
