"""Creators in the admin: a queue with the table's verbs, reasons asked for, nothing edited by hand."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from creators.models import Creator
from marketplace.trust.models import AuditEntry
from marketplace.users.models import User
from tests.creators.pool import listed

LIST = "/admin/creators/creator/"


def desk(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def waiting(whole: Creator) -> Creator:
    Creator.objects.update(state="in_review")
    whole.refresh_from_db()
    return whole


def test_the_queue_shows_who_waits_with_the_verbs_of_the_table(waiting: Creator, admin: User) -> None:
    listed("somebody")

    page = desk(admin).get(LIST, {"queue": "waiting"}).content.decode()

    assert "Mina" in page
    assert "Somebody" not in page
    assert f"{waiting.pk}/do/approve/" in page
    assert f"{waiting.pk}/do/reinstate/" not in page


def test_a_profile_is_looked_at_and_not_edited(waiting: Creator, admin: User) -> None:
    client, url = desk(admin), f"{LIST}{waiting.pk}/change/"

    page = client.get(url).content.decode()
    answer = client.post(url, {"display_name": "Changed", "engagement_rate": "0.9"})

    waiting.refresh_from_db()
    assert "sourdough" in page
    assert 'name="_save"' not in page
    assert answer.status_code == 403
    assert (waiting.display_name, waiting.engagement_rate) == ("Mina", None)


def test_figures_and_fees_are_written_for_people(whole: Creator, admin: User) -> None:
    Creator.objects.update(engagement_shrunk=0.05122615803814714, minimum_fee_minor=5_000)

    page = desk(admin).get(f"{LIST}{whole.pk}/change/").content.decode()

    assert "5.1%" in page
    assert "0.0512" not in page
    assert "€50.00" in page


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [("approve", "in_review", "listed"), ("reject", "listed", "rejected"), ("suspend", "paused", "suspended"),
     ("reinstate", "suspended", "listed")],
)  # fmt: skip
def test_a_decision_is_made_with_its_reason(whole: Creator, admin: User, verb: str, before: str, after: str) -> None:
    Creator.objects.update(state=before)

    desk(admin).post(f"{LIST}{whole.pk}/do/{verb}/", {"reason": "Because of this."})

    whole.refresh_from_db()
    assert whole.state == after
    assert AuditEntry.objects.get(act=f"creator.{verb}").reason == "Because of this."


@pytest.mark.parametrize(("verb", "reason"), [("reject", ""), ("reject", "x" * 501), ("reinstate", "Not its time.")])
def test_no_reason_or_no_such_move_changes_nothing(waiting: Creator, admin: User, verb: str, reason: str) -> None:
    answer = desk(admin).post(f"{LIST}{waiting.pk}/do/{verb}/", {"reason": reason})

    waiting.refresh_from_db()
    assert answer.status_code == 200
    assert waiting.state == "in_review"


def test_only_an_admin_who_may_change_creators_decides(waiting: Creator, mina: User) -> None:
    helper = User.objects.create_user("help@example.org", None, name="Hel Per", is_staff=True)
    helper.user_permissions.add(Permission.objects.get(codename="view_creator"))
    url = f"{LIST}{waiting.pk}/do/approve/"

    assert desk(mina).post(url, {"reason": "Me."}).status_code in (302, 403, 404)
    assert desk(helper).get(LIST).status_code == 200
    assert desk(helper).post(url, {"reason": "Me."}).status_code == 404
    waiting.refresh_from_db()
    assert waiting.state == "in_review"


def test_the_list_asks_the_same_for_one_and_for_fifty(admin: User, settings: object) -> None:
    client, counts = desk(admin), []
    client.get(LIST)
    for number in (1, 50):
        while Creator.objects.count() < number:
            listed(f"c{Creator.objects.count()}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(LIST).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("name", ["niche", "town"])
def test_the_map_and_the_tree_can_be_looked_at(admin: User, niches: object, ulm: object, name: str) -> None:
    assert desk(admin).get(f"/admin/creators/{name}/").status_code == 200
