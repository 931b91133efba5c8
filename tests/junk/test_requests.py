"""Junk in every part of a request that is not a field: body, path, query, cookies, headers, content type, size."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import SimpleCookie
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.junk.values import BODIES, FAMILY, NINES, api_complaint, complaint, pick
from tests.permissions.api_table import API
from tests.permissions.asking import Outcome, ask
from tests.permissions.pages_table import PAGES
from tests.permissions.rows import Row, read_rows
from tests.permissions.world import PERSONS, Browser, World

pytestmark = pytest.mark.django_db
API_ROWS, PAGE_ROWS = read_rows(API), read_rows(PAGES)
WRITING = [row for row in API_ROWS if row.method in ("POST", "PATCH")]
READING = [r for r in API_ROWS + PAGE_ROWS if r.method == "GET" and not r.things and r.name != "readyz"]
ADDRESSED = [row for row in API_ROWS + PAGE_ROWS if row.things]
PLACES = [
    "0" * 14,
    "a" * 3_000,
    "%00",
    "%F0%28",
    "%ED%A0%80",
    "..%2F..",
    "%25",
    FAMILY,
    NINES,
    "'",
    "<x>",
    "ABCDEFGHJKMNPQ",
]
QUERIES = ["%00", "a=%00", "q=%F0%28", "q=%ED%A0%80", "=&=", "&" * 500, "q=" + "x" * 9_000, "%"]
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
TYPES = [
    "", "text/plain", "text/xml", FORM, "multipart/form-data", "multipart/form-data; boundary=",
    "application/json;charset=x",
    "application/json; charset=utf-16", "multipart/form-data; boundary=x", "\u00e9", "application/msgpack", "*/*",
]  # fmt: skip
HEADERS = {
    "HTTP_COOKIE": ['sessionid="\\000aaaa"', "sessionid=\x00", "csrftoken=" + "x" * 5_000, "=;;;=", "a" * 9_000],
    "HTTP_AUTHORIZATION": ["Bearer", "Bearer \x00", "Bearer " + "x" * 5_000, "Basic Og==", "\udcff", "Bearer \u00ff"],
    "HTTP_IDEMPOTENCY_KEY": ["", "\x00", "x" * 300, "\u00e9", "\x1b"],
    "HTTP_ACCEPT_LANGUAGE": ["\x00", "x" * 5_000, "de;q=abc", "../..", "zz-ZZ-zz"],
    "HTTP_ACCEPT": ["", "text/html;q=x", "application/xml", "\u00e9", "application/json; indent=" + NINES],
    "HTTP_REFERER": ["\x00", "javascript:1", "http://[::1"],
    "HTTP_USER_AGENT": ["", "\x00", "x" * 9_000, "\udcff"],
    "HTTP_X_FORWARDED_FOR": ["\x00", "'", "1.1.1.1, ", "x" * 5_000, "::ffff:1.2.3.999"],
    "HTTP_X_REQUEST_ID": ["\x00", "x" * 5_000, "\n"],
    "HTTP_HX_REQUEST": ["maybe", "\x00"],
    "HTTP_HX_CURRENT_URL": ["http://[::1", "\u00e9", "x" * 5_000],
    "HTTP_IF_NONE_MATCH": ["*", '"', "\u00e9"],
    "HTTP_IF_MODIFIED_SINCE": ["yesterday", NINES],
    "HTTP_RANGE": ["bytes=9-1", "x"],
    "HTTP_X_HTTP_METHOD_OVERRIDE": ["DELETE", "\x00"],
    "CONTENT_LENGTH": ["", "x", "-1", "9" * 5_000, "\u0663"],
}  # fmt: skip


def _may(row: Row) -> str:
    return next((who for who, word in zip(PERSONS, row.words, strict=True) if "+" in word), "owner")


@pytest.mark.parametrize("row", WRITING, ids=str)
def test_no_body_breaks_the_api(row: Row, world: World, before: dict[str, str], asked: list[str]) -> None:
    wrong = []
    for body in pick(BODIES, WRITING.index(row), 6):
        got = ask(world.browsers[_may(row)], row.method, row.path(world), before, asked, data=body, content_type=JSON)
        if told := api_complaint(got):
            wrong.append(f"{body[:40]!r}: {told}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1.5", "1e3", "NaN", "Infinity"])
def test_no_number_breaks_the_api(number: str, world: World, before: dict[str, str], asked: list[str]) -> None:
    """What JSON may say and Python reads as infinity, in every field that names a row or counts something."""
    for field in ("town", "radius_km", "budget_minor", "creators_wanted", "usage_days", "title"):
        brief = {"business": world.id_of("bakery"), "title": "Rye", "product": "Rye", "budget_minor": 60_000, field: 0}
        sent = json.dumps(brief).replace(f'"{field}": 0', f'"{field}": {number}')
        got = ask(world.browsers["owner"], "POST", "/api/v1/campaigns/", before, asked, data=sent, content_type=JSON)
        assert not api_complaint(got), f"{field}={number}: {api_complaint(got)}"


@pytest.mark.parametrize("row", WRITING, ids=str)
def test_only_json_is_read_as_json(row: Row, world: World, before: dict[str, str], asked: list[str]) -> None:
    wrong = []
    for kind in pick(TYPES, WRITING.index(row), 2):
        got = ask(
            world.browsers[_may(row)], row.method, row.path(world), before, asked, data=b"--x\r\n", content_type=kind
        )
        if told := api_complaint(got):
            wrong.append(f"{kind!r}: {told}")

    assert not wrong, "\n".join(wrong)


def test_a_form_is_not_taken_for_json(world: World, before: dict[str, str], asked: list[str]) -> None:
    owner, path = world.browsers["owner"], "/api/v1/businesses/"

    for kind, data in ((FORM, "name=X"), ("multipart/form-data; boundary=x", "--x--\r\n"), ("text/plain", "{}")):
        got = ask(owner, "POST", path, before, asked, data=data, content_type=kind)
        assert got.status == 415, got.gist
        assert not got.changed


@pytest.mark.parametrize("row", ADDRESSED, ids=str)
def test_no_address_breaks_anything(row: Row, world: World, before: dict[str, str], asked: list[str]) -> None:
    wrong = []
    for place in pick(PLACES, ADDRESSED.index(row), 2):
        path = row.path(world).replace(world.id_of(row.things[0]), place, 1)
        got = ask(world.browsers["owner"], row.method, path, before, asked, content_type=JSON)
        told = complaint(got)
        # The page of an invite says itself that the link is no longer good.
        if told or (got.status not in (400, 404, 409, 302) and row.name != "invite_show"):
            wrong.append(f"{place[:40]!r}: {told or got.gist}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_breaks_anything(name: str, world: World, before: dict[str, str], asked: list[str]) -> None:
    wrong = []
    targets = [("GET", "/"), ("GET", "/discover/"), ("GET", "/api/v1/me/"), ("GET", "/campaigns/"), ("POST", "/theme/")]
    targets += [("POST", "/api/v1/businesses/"), ("POST", "/webhooks/stripe/platform/"), ("GET", "/accounts/login/")]
    for value in HEADERS[name]:
        for method, path in targets:
            got = _with_header(world.browsers["owner"], method, path, before, asked, name, value)
            if told := complaint(got):
                wrong.append(f"{method} {path} {value[:40]!r}: {told}")

    assert not wrong, "\n".join(wrong)


def _with_header(
    browser: Browser, method: str, path: str, before: dict[str, str], asked: list[str], name: str, value: str
) -> Outcome:
    sender = browser
    extra: dict[str, Any] = {name: value}
    if name == "HTTP_COOKIE":
        sender = Browser()
        sender.cookies = SimpleCookie()
    body = b'{"name": "X"}' if path.startswith("/api") else b"a=1"
    kind = JSON if path.startswith("/api") else FORM
    return ask(sender, method, path, before, asked, data=body if method == "POST" else b"", content_type=kind, **extra)


@pytest.mark.parametrize("query", QUERIES)
def test_no_query_breaks_anything(query: str, world: World, before: dict[str, str], asked: list[str]) -> None:
    """Each query meets every third page, the next one the next third."""
    for row in READING[QUERIES.index(query) % 3 :: 3]:
        got = ask(world.browsers["owner"], "GET", row.path(world), before, asked, QUERY_STRING=query)
        assert not complaint(got), f"{row}: {complaint(got)}"


@pytest.mark.parametrize("cookie", ['sessionid="\\000aaaa"', "sessionid=a\x00b", 'csrftoken="\\000"'])
def test_a_nul_in_a_cookie_is_a_bad_request(cookie: str, world: World) -> None:
    answer = Browser().generic("GET", "/", HTTP_COOKIE=cookie)

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("query", "length", "status"), [("q=%00", "0", 400), ("", str(12 * 1_048_576), 413)])
def test_a_browser_gets_a_page_and_every_header_with_it(query: str, length: str, status: int, world: World) -> None:
    answer = Browser().generic(
        "POST", "/discover/", QUERY_STRING=query, CONTENT_LENGTH=length, HTTP_ACCEPT="text/html,application/xml;q=0.9"
    )

    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"<h1>" in answer.content
    for name in ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Permissions-Policy"):
        assert name in answer.headers
    assert answer.headers["Referrer-Policy"] == answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_body_longer_than_any_form_is_refused_unread(world: World) -> None:
    class Unread:
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    for path in ("/accounts/login/", "/api/v1/businesses/", "/webhooks/stripe/platform/", "/"):
        answer = Browser().generic(
            "POST", path, content_type=MULTIPART_CONTENT, CONTENT_LENGTH=str(12 * 1_048_576), **{"wsgi.input": Unread()}
        )
        told = json.loads(answer.content)
        assert (answer.status_code, told["status"], told["code"]) == (413, 413, "body_too_large"), path


def test_a_body_of_ten_megabytes_is_refused(world: World, before: dict[str, str], asked: list[str]) -> None:
    huge = "x" * 10_500_000
    tries = [
        ("/api/v1/businesses/", JSON, f'{{"name": "{huge}"}}'),
        ("/business/new/", FORM, f"name={huge}"),
        ("/accounts/login/", FORM, f"login={huge}"),
        ("/campaigns/new/", FORM, "&".join(f"a{number}=1" for number in range(500))),
        ("/webhooks/stripe/platform/", JSON, huge),
        ("/business/new/", MULTIPART_CONTENT, encode_multipart(BOUNDARY, {"name": huge})),
    ]  # fmt: skip
    for path, kind, body in tries:
        got = ask(world.browsers["owner"], "POST", path, before, asked, data=body, content_type=kind)
        assert got.status in (400, 413), (path, got.gist)
        assert not got.changed
