"""Every route × method × person: what they get, and that a "no" changes nothing and tells nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from campaigns.views import briefs, meetings, offers, work
from tests.permissions.api_table import API
from tests.permissions.asking import Outcome, ask, overheard, snapshot
from tests.permissions.pages_table import PAGES
from tests.permissions.rows import METHODS, Route, Row, fields_of, own_routes, read_rows
from tests.permissions.sending import API_FIELDS, PAGE_FIELDS, QUERIES
from tests.permissions.world import PERSONS, SECRETS, STRANGERS, World

pytestmark = pytest.mark.django_db
ROWS = read_rows(PAGES + API)
ROUTES = own_routes()
LISTED = {(row.name, row.method) for row in ROWS}
UPLOADS = {"api_collaboration-upload"}
FORMS = "application/x-www-form-urlencoded"


def _send(world: World, who: str, row: Row, before: dict[str, str], asked: list[str], path: str) -> Outcome:
    is_api = row.name.startswith("api_")
    fields = fields_of(row, API_FIELDS if is_api else PAGE_FIELDS, world) if row.method != "GET" else {}
    sent: dict[str, Any] = {"QUERY_STRING": QUERIES.get(row.name, "")}
    if row.method != "GET" and is_api and row.name not in UPLOADS:
        sent |= {"data": json.dumps(fields), "content_type": "application/json"}
    elif row.method != "GET":
        sent |= {"data": encode_multipart(BOUNDARY, fields), "content_type": MULTIPART_CONTENT}
    return ask(world.browsers[who], row.method, path, before, asked, **sent)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everybody_gets_what_the_table_says(row: Row, world: World, before: dict[str, str], asked: list[str]) -> None:
    wrong = []
    for who, expected in zip(PERSONS, row.words, strict=True):
        path = row.path(world)
        got = _send(world, who, row, before, asked, path)
        word = got.word + "+" * bool(got.changed and got.word in ("ok", "go"))
        if word != expected:
            wrong.append(f"{who}: {expected} expected, {word} came: {got.gist}")
        if got.changed and not word.endswith("+"):
            wrong.append(f"{who}: {word}, and yet it changed {got.changed}")
        wrong += [f"{who} reads {secret}" for secret in overheard(who, got)]
        if word == "404" and row.things and who in STRANGERS:
            nowhere = row.path(world, missing=True)
            other = _send(world, who, row, before, asked, nowhere)
            if other.body.replace(nowhere.encode(), b"") != got.body.replace(path.encode(), b""):
                wrong.append(f"{who} can tell this 404 from that of a missing id")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name or route.pattern)
def test_a_method_without_a_row_is_refused_to_everybody(
    route: Route, world: World, before: dict[str, str], asked: list[str]
) -> None:
    assert route.name in {row.name for row in ROWS}, f"{route.pattern} has no row in the matrix"
    row = next(row for row in ROWS if row.name == route.name)
    wrong = []
    for method in METHODS:
        for who in PERSONS if (route.name, method) not in LISTED else ():
            got = ask(world.browsers[who], method, row.path(world), before, asked, content_type=FORMS)
            refused = {"login", "401", "405"} if who in ("anonymous", "suspended") else {"405"}
            if got.word not in refused or got.changed:
                wrong.append(f"{who} {method}: {got.word} {got.changed}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "GET"], ids=str)
def test_the_head_of_an_answer_is_for_whom_the_answer_is(
    row: Row, world: World, before: dict[str, str], asked: list[str]
) -> None:
    for who in ("owner", "creator", "other_business", "anonymous"):
        expected = row.words[PERSONS.index(who)]
        got = ask(world.browsers[who], "HEAD", row.path(world), before, asked, QUERY_STRING=QUERIES.get(row.name, ""))
        assert got.word in {expected.rstrip("+"), "405"}, (who, got.gist)
        assert not got.changed or expected.endswith("+"), (who, got.changed)
        assert not overheard(who, got)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name or route.pattern)
def test_nobody_is_told_what_else_could_be_sent(
    route: Route, world: World, before: dict[str, str], asked: list[str]
) -> None:
    row = next(row for row in ROWS if row.name == route.name)
    for who in ("owner", "anonymous"):
        got = ask(world.browsers[who], "OPTIONS", row.path(world), before, asked)
        assert got.word in {"405", "401", "login"}, (who, got.gist)
        assert not got.changed


def test_every_row_is_of_a_route_that_exists() -> None:
    assert {row.name for row in ROWS} == {route.name for route in ROUTES}


def test_every_verb_that_has_a_page_has_a_row() -> None:
    asks: dict[str, Iterable[str]] = {
        "campaign_verb": briefs.ASKS,
        "invitation_verb": meetings.INVITATION_ASKS,
        "application_verb": meetings.APPLICATION_ASKS,
        "offer_verb": {**offers.ASKS, **offers.TERMS_VERBS},
        "collaboration_verb": work.ASKS,
    }
    posted = {(row.name, row.things[-1]) for row in ROWS if row.things and "go+" in row.words}

    assert {(name, verb) for name, verbs in asks.items() for verb in verbs} <= posted


def test_the_matrix_sees_a_change(world: World, before: dict[str, str], asked: list[str]) -> None:
    path = reverse("api_campaign-pause", args=[world["open"].public_id])

    got = ask(world.browsers["owner"], "POST", path, before, asked, data="{}", content_type="application/json")

    assert {"campaigns_campaign", "campaigns_activity"} <= set(got.changed)
    assert snapshot() == before


def test_the_secrets_are_there_to_be_found(world: World, before: dict[str, str], asked: list[str]) -> None:
    missing = set(SECRETS)
    for row in ROWS:
        for who in ("owner", "creator") if row.method == "GET" and missing else ():
            got = ask(world.browsers[who], "GET", row.path(world), before, asked)
            missing -= {secret for secret in missing if secret.encode() in got.body}

    assert not missing
