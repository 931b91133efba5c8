"""The first page of each hat: what waits for this person first, with its button; for creators money and room."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Collaboration
from campaigns.states import CollaborationState as W
from creators.models import Creator
from tests import cast as people
from tests.cast import Cast, secure
from tests.pages import buttons, read


@pytest.mark.parametrize(
    ("state", "who", "button"),
    [
        (W.AWAITING_PAYMENT, "finance", "Secure the payment"),
        (W.AWAITING_PAYMENT, "owner", "Secure the payment"),
        (W.IN_REVIEW, "manager", "Review it"),
        (W.LIVE, "manager", "Look at it"),
    ],
)
def test_what_needs_this_person_comes_first_with_its_button(cast: Cast, state: str, who: str, button: str) -> None:
    people.application(cast)
    people.collaboration(cast, state=state)

    shown = read(getattr(cast, who), "/")

    assert any(words.startswith(button) for words in buttons(getattr(cast, who), "/"))
    assert "Work under way" not in shown
    if who != "finance":
        assert shown.index("Waiting for you") < shown.index("New applications")


@pytest.mark.parametrize(
    ("state", "who"),
    [(W.AWAITING_PAYMENT, "manager"), (W.IN_REVIEW, "finance"), (W.IN_PRODUCTION, "owner"), (W.IN_REVIEW, "viewer")],
)
def test_what_others_must_do_is_under_way(cast: Cast, state: str, who: str) -> None:
    people.collaboration(cast, state=state)

    shown = read(getattr(cast, who), "/")

    assert "Waiting for you" not in shown
    assert "Work under way" in shown


def test_every_list_of_the_desk_leads_to_all_of_it(cast: Cast) -> None:
    people.collaboration(cast)

    main = read(cast.owner, "/").partition("<main")[2]

    assert [path for path in ("/campaigns/", "/collaborations/") if f'<a href="{path}">See all' in main] != []


@pytest.mark.parametrize(("who", "may"), [("owner", True), ("manager", True), ("finance", False), ("viewer", False)])
def test_a_campaign_is_started_by_those_who_may(cast: Cast, who: str, may: bool) -> None:
    assert ("New campaign" in buttons(getattr(cast, who), "/")) is may


def test_a_creators_desk_shows_the_money(cast: Cast) -> None:
    secure(people.collaboration(cast))

    main = " ".join(read(cast.mina, "/creator/").partition("<main")[2].split())

    assert "€200.00" in main[: main.index("held for work under way")]
    for words in ("On its way", "Paid out", "Room left"):
        assert words in main


def test_room_left_counts_the_paid_work_of_this_month(cast: Cast) -> None:
    Creator.objects.filter(pk=cast.mina_profile.pk).update(room_per_month=3)
    before = read(cast.mina, "/creator/")

    room = people.collaboration(cast)
    taken = read(cast.mina, "/creator/")
    Collaboration.objects.filter(pk=room.pk).update(created_at=timezone.now() - timedelta(days=32))

    assert "3 of 3" in before
    assert "2 of 3" in taken
    assert "3 of 3" in read(cast.mina, "/creator/")


def test_work_that_came_to_nothing_takes_no_room(cast: Cast) -> None:
    people.collaboration(cast, state=W.EXPIRED)

    assert "4 of 4" in read(cast.mina, "/creator/")
