"""`manage.py demo`: the world in the database, told through the services, and only once."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from campaigns.models import Application, Campaign, Collaboration, Invitation, Offer
from campaigns.states import CampaignState, CollaborationState
from creators.models import Creator, Post
from marketplace.demo.till import the_till
from marketplace.notices.models import Notice
from marketplace.users.models import User
from payments.models import Transfer
from payments.sandbox.server import Sandbox

FEW = 125


@pytest.fixture(autouse=True)
def kept_broker() -> Iterator[None]:
    """The command silences the doorbell for its process; here that is everybody's."""
    before = current_app.conf.broker_url
    yield
    current_app.conf.update(broker_url=before)


@pytest.fixture(autouse=True)
def local(settings: Any, tmp_path: Path) -> None:
    settings.LOCAL = True
    settings.DATA_DIR = tmp_path


def demo(**options: Any) -> str:
    said = StringIO()
    call_command("demo", creators=FEW, stdout=said, **options)
    return said.getvalue()


def counts() -> list[int]:
    return [model._default_manager.count() for model in (User, Creator, Post, Campaign, Offer, Collaboration, Transfer)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_demo_fills_every_page_and_a_second_run_changes_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    demo(part="world")
    assert_first_shortlists_are_ready()
    said = demo(part="stories")

    assert "84 stories told" in said
    assert_every_state_is_shown()
    assert_money_moved()
    assert_people_can_log_in(tmp_path)
    before = counts()
    assert "0 stories told" in demo()
    assert counts() == before


def assert_first_shortlists_are_ready() -> None:
    for campaign in Campaign.objects.filter(business__name="Backstube Lindenkorn", state="open"):
        assert campaign.match_runs.latest("pk").matches.count() >= 5


def assert_every_state_is_shown() -> None:
    campaigns = set(Campaign.objects.values_list("state", flat=True))
    collaborations = set(Collaboration.objects.values_list("state", flat=True))

    assert campaigns == set(CampaignState)
    assert collaborations == set(CollaborationState)
    assert Invitation.objects.filter(state="viewed").exists()
    assert Application.objects.filter(state="shortlisted").exists()
    assert Offer.objects.filter(state="countered", version=2).exists()
    assert Creator.objects.filter(state="in_review").count() == 3
    assert not Creator.objects.filter(state="listed", engagement_shrunk=None).exists()
    assert not Notice.objects.filter(mailed_at=None).exists()


def assert_money_moved() -> None:
    done = Collaboration.objects.filter(state=CollaborationState.COMPLETED)

    assert done.count() == Transfer.objects.count()
    assert Transfer.objects.filter(state="confirmed").count() > 5
    unpaid = ["awaiting_payment", "cancelled", "expired"]
    secured = Collaboration.objects.exclude(state__in=unpaid).select_related("hold")
    assert all(one.hold.is_secured for one in secured)
    funded = Campaign.objects.exclude(wallet=None).get()
    drawn = Collaboration.objects.filter(hold__wallet=funded.wallet)
    assert set(drawn.values_list("state", flat=True)) == {"in_production", "in_review", "live"}


def assert_people_can_log_in(folder: Path) -> None:
    people = json.loads((folder / "demo-logins.json").read_text())

    assert len(people) == 5
    for person in people:
        assert person["email"].endswith("@example.org")
        assert Client().login(username=person["email"], password=person["password"])
    star = User.objects.get(email=people[2]["email"])
    working = Collaboration.objects.filter(offer__creator__user=star)
    assert {"in_production", "live", "completed"} <= set(working.values_list("state", flat=True))
    assert User.objects.get(email=people[3]["email"]).is_superuser


@pytest.mark.django_db
def test_a_market_with_people_in_it_is_left_alone() -> None:
    User.objects.create_user("somebody@market.example", name="Somebody")

    with pytest.raises(CommandError, match="people here already"):
        demo()

    assert User.objects.count() == 1
    assert not Creator.objects.exists()


@pytest.mark.django_db
def test_a_real_site_is_left_alone(settings: Any) -> None:
    settings.LOCAL = False

    with pytest.raises(CommandError, match="not a demo site"):
        demo()

    assert not User.objects.exists()


@pytest.mark.django_db
def test_there_are_no_stories_without_people() -> None:
    with pytest.raises(CommandError, match="nobody to tell stories about"):
        demo(part="stories")

    assert not Campaign.objects.exists()
    assert not advisory_locks(), "the next run would wait for ever"


def advisory_locks() -> list[tuple[int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        return list(cursor.fetchall())


@pytest.mark.django_db
def test_the_clock_of_a_connection_is_as_it_was_after_the_demo() -> None:
    before = limits()

    with pytest.raises(CommandError):
        demo(part="stories")

    assert limits() == before


def limits() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting FROM pg_settings WHERE name IN ('lock_timeout', 'synchronous_commit')")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("base", ["", "https://api.stripe.com"])
def test_nobody_pays_where_a_real_stripe_is(settings: Any, base: str) -> None:
    settings.STRIPE_API_BASE = base

    with the_till() as till:
        assert till is None
