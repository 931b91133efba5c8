"""Every field of every body the API takes, and every parameter of its lists, filled with junk."""

from __future__ import annotations

import copy
import json
import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.junk.values import LINES, TEXTS, VALUES, api_complaint, pick
from tests.permissions.api_table import API
from tests.permissions.asking import ask
from tests.permissions.rows import Row, fields_of, own_routes, read_rows
from tests.permissions.sending import API_FIELDS
from tests.permissions.world import PERSONS, World

pytestmark = pytest.mark.django_db
ROWS = [row for row in read_rows(API) if "ok+" in row.words or row.method == "GET"]
TAKING = [row for row in ROWS if row.method in ("POST", "PATCH") and row.name != "api_collaboration-upload"]
READING = [row for row in ROWS if row.method == "GET" and row.name not in ("api_schema", "api_docs")]
PER_FIELD = 4
PER_PARAMETER = 5


@pytest.fixture(scope="module")
def schema(world: World) -> Any:
    """What the API says it takes."""
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]


def _operation(schema: Any, row: Row) -> Any:
    pattern = next(route.pattern for route in own_routes() if route.name == row.name)
    path = "/" + re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", pattern.replace("^", "").replace("$", ""))
    return next(ways[row.method.lower()] for known, ways in schema["paths"].items() if _same(known, path))


def _same(known: str, path: str) -> bool:
    return known.replace("{id}", "{public_id}") == path


def _fields(schema: Any, operation: Any) -> Iterator[tuple[str, ...]]:
    """The paths of all fields of an operation's body."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    yield from _inside(schema, body, ())


def _inside(schema: Any, node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if "$ref" in node:
        node = schema["components"]["schemas"][node["$ref"].rpartition("/")[2]]
    if node.get("type") == "array" and path:
        yield from _inside(schema, node["items"], (*path, "0"))
    for name, child in node.get("properties", {}).items():
        yield (*path, name)
        yield from _inside(schema, child, (*path, name))


def _with(body: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The body with one field replaced, however deep."""
    changed: Any = copy.deepcopy(body)
    place = changed
    for step in path[:-1]:
        place = place[int(step)] if step.isdigit() else place.setdefault(step, {})
    place[path[-1]] = value
    return changed  # type: ignore[no-any-return]


def _may(row: Row) -> str:
    return PERSONS[row.words.index("ok+")] if "ok+" in row.words else "owner"


@pytest.mark.parametrize("row", TAKING, ids=str)
def test_no_value_of_a_field_breaks_the_api(
    row: Row, world: World, before: dict[str, str], asked: list[str], schema: Any
) -> None:
    wrong, seed = [], TAKING.index(row) * 7
    body = fields_of(row, API_FIELDS, world)
    for path in _fields(schema, _operation(schema, row)):
        seed += 1
        for value in pick(VALUES, seed, PER_FIELD):
            sent = json.dumps(_with(body, path, value))
            got = ask(
                world.browsers[_may(row)], row.method, row.path(world), before, asked,
                data=sent, content_type="application/json",
            )  # fmt: skip
            if told := api_complaint(got):
                wrong.append(f"{'.'.join(path)}={value!r:.60}: {told}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("row", TAKING, ids=str)
def test_a_text_of_two_lines_breaks_nothing_anywhere(
    row: Row, world: World, before: dict[str, str], asked: list[str], schema: Any
) -> None:
    """What needs one line gets one, or says no."""
    body, wrong = fields_of(row, API_FIELDS, world), []
    for path in _fields(schema, _operation(schema, row)):
        sent = json.dumps(_with(body, path, LINES))
        got = ask(
            world.browsers[_may(row)], row.method, row.path(world), before, asked,
            data=sent, content_type="application/json",
        )  # fmt: skip
        if told := api_complaint(got):
            wrong.append(f"{'.'.join(path)}: {told}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("row", READING, ids=str)
def test_no_parameter_breaks_the_api(
    row: Row, world: World, before: dict[str, str], asked: list[str], schema: Any
) -> None:
    wrong = []
    known = [p["name"] for p in _operation(schema, row).get("parameters", []) if p["in"] == "query"]
    for seed, name in enumerate(dict.fromkeys([*known, "cursor", "page_size"])):
        for value in pick(TEXTS, seed + READING.index(row), PER_PARAMETER if name in known else 3):
            query = urlencode({"q": "ba", name: value})
            got = ask(world.browsers["owner"], "GET", row.path(world), before, asked, QUERY_STRING=query)
            if told := api_complaint(got):
                wrong.append(f"{name}={value!r:.60}: {told}")

    assert not wrong, "\n".join(wrong)


CURSORS = [
    "p=2026", "p=", "p=2026-02-31 10:00:00+00:00", "p=2026-02-03 10:00:00", "p=0001-01-01 00:00:00%2B23:59", "p=%C3%A9",
    "p=9999-12-31 23:59:59.999999-23:59", "p='", "r=1", "r=2&p=now", "o=-1", "o=" + "9" * 30, "o=x", "x", "",
]  # fmt: skip


@pytest.mark.parametrize("row", [row for row in READING if not row.things], ids=str)
def test_no_cursor_breaks_a_list(row: Row, world: World, before: dict[str, str], asked: list[str]) -> None:
    """Well-formed outside, made by somebody else inside."""
    wrong = []
    for said in CURSORS:
        query = urlencode({"cursor": b64encode(said.encode()).decode()})
        got = ask(world.browsers["owner"], "GET", row.path(world), before, asked, QUERY_STRING=query)
        if told := api_complaint(got):
            wrong.append(f"{said}: {told}")

    assert not wrong, "\n".join(wrong)


def test_the_schema_names_enough_fields(schema: Any) -> None:
    fields = [field for row in TAKING for field in _fields(schema, _operation(schema, row))]

    assert len(fields) > 100
    assert ("terms", "deliverables", "0", "kind") in fields
