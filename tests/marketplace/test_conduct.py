"""Suspending a person: with a reason, told by mail, on record, and it holds at once wherever they are."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client

from marketplace.conduct.services import reinstate_user, suspend_user
from marketplace.hooks.services import READ, make_key
from marketplace.kit.errors import Conflict, Invalid, NotAllowed
from marketplace.notices.clock import sweep
from marketplace.notices.models import Notice
from marketplace.trust.models import AuditEntry
from marketplace.users.models import User
from tests.cast import person

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"
WHY = "Three reports of unpaid work."


@pytest.fixture
def rosa() -> User:
    return person("Rosa Keller")


@pytest.fixture
def ada() -> User:
    return person("Ada Min", is_staff=True, is_superuser=True)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def decide(client: Client, user: User, verb: str, reason: str = WHY) -> int:
    return client.post(f"/admin/users/user/{user.pk}/do/{verb}/", {"reason": reason}).status_code


def test_it_holds_at_once_in_every_browser_and_for_every_key(rosa: User, ada: User) -> None:
    laptop, phone = browser(rosa), browser(rosa)
    _key, secret = make_key(rosa, name="till", scopes=[READ])
    program = Client(headers={"authorization": f"Bearer {secret}"})
    assert [client.get(ME).status_code for client in (laptop, phone, program)] == [200, 200, 200]

    suspend_user(rosa, reason=WHY, by=ada)

    assert [client.get(ME).status_code for client in (laptop, phone, program)] == [401, 401, 401]


def test_who_is_reinstated_logs_in_anew(rosa: User, ada: User) -> None:
    before = browser(rosa)
    before.get("/")
    suspend_user(rosa, reason=WHY, by=ada)
    reinstate_user(rosa, reason="A mistake.", by=ada)

    assert before.get(ME).status_code == 401
    assert browser(rosa).get(ME).status_code == 200


def test_the_person_reads_why_in_their_mail(rosa: User, ada: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    suspend_user(rosa, reason=WHY, by=ada)
    Notice.objects.update(created_at="2026-01-01T00:00:00Z")

    sweep()

    assert mail.outbox[0].to == [rosa.email]
    assert WHY in mail.outbox[0].body


def test_both_decisions_are_on_record(rosa: User, ada: User) -> None:
    client = browser(ada)

    assert decide(client, rosa, "suspend") == 302
    assert decide(client, rosa, "reinstate", "A mistake.") == 302

    written = AuditEntry.objects.order_by("pk").values_list("act", "by", "thing_id", "reason")
    assert list(written) == [
        ("user.suspend", ada.pk, rosa.public_id, WHY),
        ("user.reinstate", ada.pk, rosa.public_id, "A mistake."),
    ]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 251])
def test_a_reason_is_asked_for(rosa: User, ada: User, reason: str) -> None:
    with pytest.raises(Invalid):
        suspend_user(rosa, reason=reason, by=ada)

    assert not User.objects.get(pk=rosa.pk).is_suspended


def test_what_is_done_is_not_done_again(rosa: User, ada: User) -> None:
    suspend_user(rosa, reason=WHY, by=ada)

    with pytest.raises(Conflict):
        suspend_user(rosa, reason=WHY, by=ada)

    assert AuditEntry.objects.count() == 1


def test_nobody_decides_about_themselves_or_above_themselves(rosa: User, ada: User) -> None:
    clerk = person("Carl Erk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="change_user"))

    for who, by in ((ada, ada), (ada, clerk), (rosa, person("Otto Rad")), (rosa, person("Stan Blank", is_staff=True))):
        with pytest.raises(NotAllowed):
            suspend_user(who, reason=WHY, by=by)
    suspend_user(rosa, reason=WHY, by=clerk)

    assert list(User.objects.exclude(suspended_at=None)) == [rosa]


def test_what_an_admin_edits_in_an_account_is_on_record(rosa: User, ada: User) -> None:
    clerks = Group.objects.create(name="Clerks")
    fields = {"name": "Rosa K.", "locale": "en", "time_zone": "Europe/Berlin", "is_active": "on", "is_staff": "on"}

    answer = browser(ada).post(f"/admin/users/user/{rosa.pk}/change/", {**fields, "groups": [clerks.pk]})

    entry = AuditEntry.objects.get()
    assert answer.status_code == 302
    assert (entry.act, entry.by, entry.thing_id) == ("user.edit", ada, rosa.public_id)
    assert entry.reason == "name: Rosa Keller → Rosa K.; is_staff: False → True; groups:  → Clerks"
