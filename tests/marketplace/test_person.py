"""One's own name and clock, and the pages at the foot of every other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from marketplace.kit.errors import Invalid
from marketplace.templatetags import goodword as say
from marketplace.users.models import User
from marketplace.users.services import edit_person
from tests import cast as people

pytestmark = pytest.mark.django_db
TEN_PAST_ONE = datetime(2026, 11, 25, 1, 11, tzinfo=UTC)


@pytest.fixture
def nina() -> User:
    return people.person("Nina Neu")


def test_somebody_changes_their_name_and_their_clock(nina: User) -> None:
    client = Client()
    client.force_login(nina, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.post("/settings/you/", {"name": " Nina Alt ", "time_zone": "Asia/Tokyo"})

    nina.refresh_from_db()
    assert answer.headers["Location"] == "/settings/you/"
    assert (nina.name, nina.time_zone) == ("Nina Alt", "Asia/Tokyo")
    assert 'value="Nina Alt"' in client.get("/settings/you/").content.decode()
    assert 'href="/settings/you/"' in client.get("/accounts/email/").content.decode()


@pytest.mark.parametrize("bad", [{"name": "  "}, {"name": "x" * 81}, {"time_zone": "Mars/Base"}, {"time_zone": "../x"}])
def test_a_name_is_some_letters_and_a_zone_is_on_earth(nina: User, bad: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        edit_person(nina, **{"name": "Nina", "time_zone": "Europe/Rome", **bad})

    nina.refresh_from_db()
    assert (nina.name, nina.time_zone) == ("Nina Neu", "Europe/Berlin")


def test_a_moment_is_told_on_the_readers_clock_and_says_which() -> None:
    assert say.moment(TEN_PAST_ONE, "Europe/Berlin") == "25 Nov 2026, 02:11 CET"
    assert say.moment(TEN_PAST_ONE, "Asia/Tokyo") == "25 Nov 2026, 10:11 JST"
    assert say.moment(TEN_PAST_ONE) == "25 Nov 2026, 01:11 UTC"
    assert say.moment(None) == ""


@pytest.mark.parametrize(
    ("path", "words"),
    [("/what-you-can-rely-on/", "No list is sorted by followers"), ("/contact/", "hello@ours.example")],
)
def test_the_foot_of_every_page_leads_to_pages_that_exist(settings: Any, path: str, words: str) -> None:
    settings.DEFAULT_FROM_EMAIL = "Ours <hello@ours.example>"

    foot = Client().get("/how-fees-work/").content.decode().split("<footer")[1]

    assert f'href="{path}"' in foot
    assert words in Client().get(path).content.decode()
