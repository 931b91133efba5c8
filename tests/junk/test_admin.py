"""Addresses and choices that no page of the admin makes: answered, and never with an error of ours."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.junk.values import NINES, complaint, pick
from tests.permissions.asking import ask
from tests.permissions.world import World

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
ALWAYS = [("q", "anything"), ("created_at__year", "99999999999"), ("q", "x" * 2_000), ("id__gt", NINES[:25])]
SOMETIMES = [
    ("q", '"'), ("q", "'"), ("q", "🦊"), ("o", "999"), ("o", "-1.2.3"), ("o", "a.b"), ("p", NINES[:20]), ("p", "-1"),
    ("all", ""), ("e", "1"), ("id__exact", "x"), ("pk__in", "1,x"), ("created_at__gte", "junk"),
    ("created_at__gte", "9999-12-31"), ("created_at__day", "99"), ("at__year", "0"), ("at__month", NINES[:20]),
    ("state__exact", "zz"), ("is_active__exact", "zz"), ("_popup", "1"), ("_to_field", "password"), ("_facets", "1"),
    ("user__password__startswith", "a"), ("suspended_at__isempty", "zz"), ("_changelist_filters", "%25"),
]  # fmt: skip
CHOSEN: list[dict[str, Any]] = [
    {"action": "delete_selected", "_selected_action": "x"},
    {"action": "delete_selected", "_selected_action": [NINES[:25], "1"]},
    {"action": "make_verified", "_selected_action": "x"},
    {"action": "nothing", "_selected_action": "x", "index": "99"},
    {"action": "delete_selected", "index": "x", "select_across": "9"},
]
FORM = "application/x-www-form-urlencoded"


def _list(model: type) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")  # type: ignore[attr-defined]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_no_address_breaks_a_list_of_the_admin(
    model: type, world: World, before: dict[str, str], asked: list[str]
) -> None:
    wrong = []
    for name, value in ALWAYS + pick(SOMETIMES, MODELS.index(model), 5):
        query = urlencode({name: value})
        got = ask(world.browsers["admin"], "GET", _list(model), before, asked, QUERY_STRING=query)
        if told := complaint(got):
            wrong.append(f"{name}={value:.40}: {told}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_no_choice_breaks_a_list_of_the_admin(
    model: type, world: World, before: dict[str, str], asked: list[str]
) -> None:
    for chosen in CHOSEN:
        sent = urlencode(chosen, doseq=True)
        got = ask(world.browsers["admin"], "POST", _list(model), before, asked, data=sent, content_type=FORM)
        assert not complaint(got), f"{chosen}: {complaint(got)}"


def test_a_session_is_found_by_its_persons_address(world: World, before: dict[str, str], asked: list[str]) -> None:
    path = reverse("admin:usersessions_usersession_changelist")

    got = ask(world.browsers["admin"], "GET", path, before, asked, QUERY_STRING="q=rosa.keller")

    assert got.status == 200, got.gist
