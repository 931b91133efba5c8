"""The doors: foreign hosts, foreign targets, forged forms, keys, and the headers on every page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.test.client import ClientHandler

from marketplace.hooks.services import READ, WRITE, make_key
from marketplace.notices.models import Notice
from tests.cast import PASSWORD, person
from tests.permissions.api_table import API
from tests.permissions.asking import ask, snapshot
from tests.permissions.pages_table import PAGES
from tests.permissions.rows import Row, read_rows
from tests.permissions.sending import API_FIELDS
from tests.permissions.world import Browser, World

pytestmark = pytest.mark.django_db
PAGE_ROWS, API_ROWS = read_rows(PAGES), read_rows(API)
POSTS = [row for row in PAGE_ROWS + API_ROWS if row.method != "GET"]
FROM_STRIPE = {"stripe_platform", "stripe_connect"}
FORM = "application/x-www-form-urlencoded"
ELSEWHERE = ("https://evil.example/", "//evil.example/", "https:evil.example", "javascript:alert(1)", "/\\evil.example")


class Guarded(Browser):
    """A browser whose forms are checked for their token, as in production."""

    handler = ClientHandler(enforce_csrf_checks=True)


def _key(secret: str) -> Browser:
    """A program with this key."""
    return Browser(headers={"Authorization": f"Bearer {secret}"})


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "testserver@evil.example", "", "a b"])
def test_a_foreign_host_is_refused(world: World, host: str) -> None:
    answer = Client().get("/discover/", headers={"host": host})

    assert answer.status_code == 400
    assert b"evil" not in answer.content


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_theme_leads_nowhere_else(world: World, target: str) -> None:
    answer = Client().post("/theme/", {"theme": "dark", "next": target})

    assert answer.headers["Location"] == "/"


def _log_in(client: Client, target: str = "/") -> Any:
    """Somebody with a password logs in as everybody does."""
    somebody = person("Lea Tor")
    somebody.set_password(PASSWORD)
    somebody.save()
    EmailAddress.objects.create(user=somebody, email=somebody.email, verified=True, primary=True)
    return client.post("/accounts/login/", {"login": somebody.email, "password": PASSWORD, "next": target})


@pytest.mark.parametrize("target", ELSEWHERE)
def test_logging_in_leads_nowhere_else(world: World, target: str) -> None:
    answer = _log_in(Client(), target)

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_notice_leads_nowhere_else(world: World, target: str) -> None:
    """Nobody can write one with such an address; if one is there all the same, it is not followed."""
    told = Notice.objects.create(user=world.cast.owner, kind="test", text="Look", url=target)

    answer = world.browsers["owner"].generic("POST", f"/notices/{told.public_id}/open/")

    assert answer.status_code != 302 or "evil" not in answer.headers["Location"]


@pytest.mark.parametrize("row", POSTS, ids=str)
def test_a_form_without_its_token_changes_nothing(
    row: Row, world: World, before: dict[str, str], asked: list[str]
) -> None:
    who = "creator" if "+" in row.words[5] else "owner"
    forged = Guarded()
    forged.cookies.update(world.browsers[who].cookies)
    fields = "{}" if row.name.startswith("api_") else ""
    kind = "application/json" if fields else FORM

    got = ask(forged, row.method, row.path(world), before, asked, data=fields, content_type=kind)

    assert got.word == ("400" if row.name in FROM_STRIPE else "403"), got.gist
    assert not got.changed


@pytest.mark.parametrize("row", [row for row in API_ROWS if row.method != "GET"], ids=str)
def test_a_key_for_reading_cannot_change_anything(row: Row, world: World, asked: list[str]) -> None:
    _row, secret = make_key(world.cast.owner, name="Reader", scopes=[READ])

    got = ask(_key(secret), row.method, row.path(world), snapshot(), asked, data="{}", content_type="application/json")

    assert got.word == "403", got.gist
    assert b"may not write" in got.body
    assert got.changed == ["hooks_apikey"]  # the day it was used


def test_a_key_is_as_strong_as_its_person(world: World, asked: list[str]) -> None:
    _row, secret = make_key(world.cast.viewer, name="Viewer", scopes=[READ, WRITE])
    now = snapshot()
    pause = next(row for row in API_ROWS if row.name == "api_campaign-pause")
    body = json.dumps(API_FIELDS.get((pause.name, ""), {}))

    denied = ask(_key(secret), "POST", pause.path(world), now, asked, data=body, content_type="application/json")
    unknown = ask(_key("gw_made-up"), "GET", "/api/v1/me/", now, asked)

    assert denied.word == "403"
    assert unknown.word == "401"


@pytest.mark.parametrize("who", ["owner", "creator", "anonymous"])
def test_every_page_carries_its_guards(world: World, who: str) -> None:
    for row in PAGE_ROWS + API_ROWS:
        if row.method != "GET":
            continue
        answer = world.browsers[who].generic("GET", row.path(world))
        b"".join(answer)  # closes a file
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy, row
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff", row
        assert answer.headers["X-Frame-Options"] == "DENY", row
        assert answer.headers["Referrer-Policy"] == "same-origin", row
        assert "camera=()" in answer.headers["Permissions-Policy"], row


def test_the_session_cookie_is_out_of_reach_of_scripts(world: World) -> None:
    client = Client()
    _log_in(client)
    cookie = client.cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
