"""The pages of log-in and of the admin, by one rule each: they come from libraries, their doors are ours to check."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from tests import cast as people
from tests.permissions.asking import ask, overheard, snapshot
from tests.permissions.rows import GENERIC, Route, walk
from tests.permissions.world import World, browser

pytestmark = pytest.mark.django_db
ACCOUNTS = [route for route in walk() if route.pattern.startswith("accounts/")]
ADMIN = [route for route in walk() if route.pattern.startswith("admin/")]
# What somebody must be able to open who has not logged in.
ENTRANCES = {
    "account_login", "account_signup", "account_inactive", "account_email_verification_sent", "account_confirm_email",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}  # fmt: skip
# Steps of a log-in that has begun; without one they lead back to its start or to the front page.
STEPS = {"account_logout", "account_confirm_login_code", "mfa_authenticate"}
MODELS = {model._meta.label_lower.replace(".", "_"): model for model in apps.get_models()}
FORM = "application/x-www-form-urlencoded"


def _path(route: Route) -> str:
    """An address of this route, of a row that exists where there is one."""
    if route.name == "account_confirm_email":
        return reverse(route.name, args=["made-up-key"])
    if route.name == "account_reset_password_from_key":
        return reverse(route.name, args=["1", "made-up"])
    if route.name == "app_list":
        return reverse("admin:app_list", args=["campaigns"])
    if route.pattern.startswith("admin/("):
        return "/admin/nowhere/"
    model = MODELS.get("_".join(route.pattern.split("/")[1:3]))
    row = model._base_manager.first() if model else None
    values = {"object_id": str(row.pk) if row else "1", "content_type_id": "1", "pk": "1", "verb": "approve"}
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], route.pattern)


def test_every_generic_route_is_of_a_library() -> None:
    assert GENERIC == ("accounts/", "admin/")
    assert {route.name.split("_")[0] for route in ACCOUNTS} == {"account", "mfa", "usersessions"}


@pytest.mark.parametrize("route", ACCOUNTS, ids=lambda route: route.name)
def test_account_pages_ask_strangers_to_log_in(
    route: Route, world: World, before: dict[str, str], asked: list[str]
) -> None:
    allowed = {"ok"} if route.name in ENTRANCES else {"go", "login"} if route.name in STEPS else {"login"}
    for who in ("anonymous", "suspended"):
        got = ask(world.browsers[who], "GET", _path(route), before, asked)
        assert got.word in allowed, (who, got.gist)
        assert not got.changed
        assert not overheard(who, got)


@pytest.mark.parametrize("route", ACCOUNTS, ids=lambda route: route.name)
def test_looking_at_account_pages_changes_nothing(
    route: Route, world: World, before: dict[str, str], asked: list[str]
) -> None:
    got = ask(world.browsers["owner"], "GET", _path(route), before, asked)

    # 403: nobody here has a password to enter once more.
    assert got.word in ("ok", "go", "403", "404"), got.gist
    assert not got.changed


@pytest.mark.parametrize("route", ADMIN, ids=lambda route: route.pattern)
def test_the_admin_is_for_staff_alone(route: Route, world: World, before: dict[str, str], asked: list[str]) -> None:
    path = _path(route)
    doors = {"login", "go", "403"} if route.name in ("login", "logout") else {"login"}
    for who in ("owner", "creator", "anonymous", "suspended"):
        for method in ("GET", "POST"):
            got = ask(world.browsers[who], method, path, before, asked, content_type=FORM)
            assert got.word in doors, (who, method, got.gist)
            assert not got.changed
            assert not overheard(who, got)


@pytest.mark.parametrize("route", ADMIN, ids=lambda route: route.pattern)
def test_staff_open_every_page_of_the_admin(
    route: Route, world: World, before: dict[str, str], asked: list[str]
) -> None:
    got = ask(world.browsers["admin"], "GET", _path(route), before, asked)

    # 403: not to be added, changed or deleted by hand. 404: the catch-all. 405: it is a form's target.
    assert got.word in ("ok", "go", "403", "404", "405"), got.gist
    assert route.name != "index" or got.word == "ok"
    assert not str(route.name).endswith("_changelist") or got.word == "ok", got.gist
    assert not got.changed


def test_staff_without_a_permission_see_no_rows(world: World, asked: list[str]) -> None:
    stan = browser(people.person("Stan Blank", is_staff=True))
    for model in admin.site._registry:
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        got = ask(stan, "GET", path, snapshot(), asked)
        assert got.word == "403", (path, got.gist)


def test_money_and_history_are_never_changed_by_hand(world: World) -> None:
    """But for the price list of the processors, which operators keep."""
    for model, page in admin.site._registry.items():
        name = model._meta.model_name
        if name != "feeschedule" and (model._meta.app_label in ("payments", "trust") or name == "activity"):
            for verb in ("add", "change", "delete"):
                assert not getattr(page, f"has_{verb}_permission")(_Request(world.cast.admin)), (model, verb)


class _Request:
    """As much of a request as a permission looks at."""

    def __init__(self, user: object) -> None:
        self.user = user
