"""Staff read and decide what their rights name, over the site and the API as in the admin, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import models

from campaigns.models import Application, Business, Campaign, Collaboration, Invitation, Offer
from campaigns.policies import roles_of
from creators.models import Creator
from marketplace.users.models import User
from tests import cast as people
from tests.permissions.asking import ask
from tests.permissions.world import World, browser

pytestmark = pytest.mark.django_db
KINDS: list[type[models.Model]] = [Business, Campaign, Invitation, Application, Offer, Collaboration, Creator]


def clerk(*rights: str) -> User:
    made = people.person("Carl Erk", is_staff=True)
    made.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return User.objects.get(pk=made.pk)


def seen(kind: Any, user: User) -> int:
    return int(kind.objects.visible_to(user).count())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind._meta.model_name)
def test_a_right_to_view_opens_one_kind_of_row(kind: Any, world: World) -> None:
    name = kind._meta.model_name
    nobody, reader = people.person("Nora Body"), clerk(f"view_{name}")

    assert seen(kind, reader) == kind.objects.count() > seen(kind, nobody)
    assert [other for other in KINDS if other is not kind and seen(other, reader) > seen(other, nobody)] == []


def test_staff_without_rights_are_strangers(world: World, before: dict[str, str], asked: list[str]) -> None:
    stan = clerk()

    for path in ("collaborations/{live}/", "offers/{sent}/", "campaigns/{draft}/", "businesses/{bakery}/"):
        name = path[path.index("{") + 1 : path.index("}")]
        place = path.replace(f"{{{name}}}", world.id_of(name))
        got = ask(browser(stan), "GET", f"/api/v1/{place}", before, asked)
        assert got.status == 404, (place, got.gist)


def test_who_may_only_look_decides_nothing(world: World) -> None:
    room = world["live"]

    assert roles_of(clerk("view_collaboration", "view_campaign"), room) == frozenset()
    User.objects.filter(name="Carl Erk").delete()
    assert roles_of(clerk("change_collaboration"), room) == {"admin"}
    assert roles_of(User.objects.get(name="Carl Erk"), room.offer.campaign) == frozenset()
