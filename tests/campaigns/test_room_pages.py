"""The collaboration's room, its review and its contract: dates, deadlines and money in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from campaigns.models import Collaboration
from campaigns.states import CollaborationState as W
from tests import cast as people
from tests.cast import Cast
from tests.pages import as_it_stands, browser, read


def due_in(room: Collaboration, **by: int) -> Collaboration:
    Collaboration.objects.filter(pk=room.pk).update(due_at=timezone.now() + timedelta(**by))
    return room


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (W.AWAITING_PAYMENT, "3 days left to secure the payment, then it ends"),
        (W.IN_REVIEW, "3 days left to review, then it is approved"),
        (W.LIVE, "3 days left to look at it, then the payment is released"),
        (W.IN_PRODUCTION, "3 days left to hand it in"),
    ],
)
@pytest.mark.parametrize("path", ["/collaborations/", "room"])
def test_a_deadline_says_what_it_is_for_and_what_follows(cast: Cast, state: str, words: str, path: str) -> None:
    room = due_in(people.collaboration(cast, state=state), days=3)

    assert words in read(cast.owner, room.get_absolute_url() if path == "room" else path)


@pytest.mark.parametrize(
    ("state", "who", "words"),
    [
        (W.IN_REVIEW, "mina", "The business looks at your draft."),
        (W.IN_REVIEW, "finance", "The draft waits for a manager."),
        (W.COMPLETED, "mina", "Done. The payment is released to you."),
        (W.COMPLETED, "owner", "Done. The payment is released to the creator."),
    ],
)
def test_what_is_next_is_said_to_whoever_reads_it(cast: Cast, state: str, who: str, words: str) -> None:
    assert words in read(getattr(cast, who), people.collaboration(cast, state=state).get_absolute_url())


def test_what_is_late_does_not_say_what_will_follow(cast: Cast) -> None:
    room = due_in(people.collaboration(cast, state=W.IN_REVIEW), days=-3)

    shown = read(cast.manager, room.get_absolute_url())

    assert "3 days late" in shown
    assert "then it is approved" not in shown


@pytest.mark.parametrize("page", ["{room}", "{room}contract/"])
def test_the_agreed_days_are_written_for_people(cast: Cast, page: str) -> None:
    room = people.collaboration(cast)
    due_on = timezone.localdate() + timedelta(days=10)

    shown = read(cast.mina, page.format(room=room.get_absolute_url()))

    assert date_format(due_on, "j M Y") in shown
    assert due_on.isoformat() not in shown


@pytest.mark.parametrize("verb", ["approve", "request_changes"])
def test_a_review_has_the_draft_and_the_brief_beside_it(cast: Cast, verb: str) -> None:
    room = people.collaboration(cast, state=W.IN_REVIEW)

    shown = read(cast.manager, f"/collaborations/{room.public_id}/do/{verb}/")

    for words in ("Open it on example.org", "Show the oven", "Show the crust", "Please do"):
        assert words in shown


def test_no_line_is_named_as_not_met_before_one_is_chosen(cast: Cast) -> None:
    room = people.collaboration(cast, state=W.IN_REVIEW)
    client = browser(cast.manager)
    path = f"/collaborations/{room.public_id}/do/request_changes/"
    typed = as_it_stands(client.get(path))

    answer = client.post(path, {**typed, "text": "The crust is never seen."})

    assert (typed["item"], answer.status_code) == ("", 400)
    assert Collaboration.objects.get().state == W.IN_REVIEW


@pytest.mark.parametrize(
    ("published", "words"),
    [(True, "The €200.00 stay held until you confirm the live post."), (False, "€200.00 go to Mina now.")],
)
def test_approving_says_what_happens_to_the_money(cast: Cast, published: bool, words: str) -> None:
    terms = {} if published else {"publish_on": None}
    room = people.collaboration(cast, state=W.IN_REVIEW, **terms)

    assert words in read(cast.manager, f"/collaborations/{room.public_id}/do/approve/")
