"""Every POST of the API, sent twice with one Idempotency-Key, is done once and answered the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.test.client import MULTIPART_CONTENT, encode_multipart
from drf_spectacular.generators import SchemaGenerator

from marketplace.hooks.idempotency import HEADER, Idempotent
from tests.permissions.api_table import API
from tests.permissions.rows import Row, fields_of, own_routes, read_rows
from tests.permissions.sending import API_FIELDS
from tests.permissions.world import PERSONS, World

pytestmark = pytest.mark.django_db
POSTS = [row for row in read_rows(API) if row.method == "POST" and "ok+" in row.words]
BOUNDARY = MULTIPART_CONTENT.partition("boundary=")[2]


def _send(world: World, row: Row, fields: dict[str, Any]) -> Any:
    browser = world.browsers[PERSONS[row.words.index("ok+")]]
    has_file = any(isinstance(value, UploadedFile) for value in fields.values())
    body = encode_multipart(BOUNDARY, fields) if has_file else json.dumps(fields)
    kind = MULTIPART_CONTENT if has_file else "application/json"
    return browser.generic("POST", row.path(world), body, content_type=kind, headers={HEADER: "once"})


def _said(answer: Any) -> Any:
    return json.loads(answer.content or b"null")


def test_the_description_says_of_every_post_that_it_takes_a_key() -> None:
    generator: Any = SchemaGenerator
    paths = generator().get_schema(request=None, public=True)["paths"]
    posts = {path: methods["post"] for path, methods in paths.items() if "post" in methods}

    silent = [p for p, post in posts.items() if HEADER not in {one["name"] for one in post.get("parameters", [])}]

    assert len(posts) > 40
    assert silent == []


def test_every_view_that_takes_a_post_heeds_the_key() -> None:
    views = {route.callback.cls for route in own_routes() if route.pattern.startswith("api/v1/")}
    posting = {view for view in views if hasattr(view, "post") or {"create"} & set(dir(view)) or _posts(view)}

    assert [view.__name__ for view in posting if not issubclass(view, Idempotent)] == []


def _posts(view: Any) -> bool:
    get_extra = getattr(view, "get_extra_actions", list)
    return any("post" in action.mapping for action in get_extra())


@pytest.mark.parametrize("row", POSTS, ids=str)
def test_the_second_time_is_only_answered(row: Row, world: World, asked: list[str]) -> None:
    with transaction.atomic():
        first = _send(world, row, fields_of(row, API_FIELDS, world))
        asked.clear()
        again = _send(world, row, fields_of(row, API_FIELDS, world))
        transaction.set_rollback(True)

    assert (again.status_code, _said(again)) == (first.status_code, _said(first))
    assert again.headers.get("Idempotent-Replayed") == "true"
    assert asked == []
