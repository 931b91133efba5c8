"""Nothing a person sees is kept by a cache; what everybody sees alike may be."""

from __future__ import annotations

import pytest

from marketplace.hooks.services import READ, make_key
from tests.permissions.api_table import API
from tests.permissions.pages_table import PAGES
from tests.permissions.rows import Row, read_rows
from tests.permissions.world import World

pytestmark = pytest.mark.django_db
READING = [row for row in read_rows(API) + read_rows(PAGES) if row.method == "GET" and row.name != "readyz"]


@pytest.mark.parametrize("row", READING, ids=str)
def test_no_cache_keeps_what_a_person_sees(row: Row, world: World) -> None:
    answer = world.browsers["owner"].generic("GET", row.path(world))
    if answer.streaming:
        b"".join(answer.streaming_content)

    assert "no-store" in answer.headers.get("Cache-Control", ""), answer.headers


def test_no_cache_keeps_what_a_key_reads(world: World) -> None:
    _key, secret = make_key(world.cast.owner, name="cache", scopes=[READ])

    answer = world.browsers["anonymous"].generic("GET", "/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {secret}")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")


def test_a_page_for_everybody_may_be_kept(world: World) -> None:
    answer = world.browsers["anonymous"].generic("GET", "/how-fees-work/")

    assert "no-store" not in answer.headers.get("Cache-Control", "")
