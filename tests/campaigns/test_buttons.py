"""The buttons of a page: the main one first, nothing offered that would be refused, and no two with one name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Collaboration
from campaigns.services import offers
from campaigns.states import CollaborationState as W
from marketplace.users.models import User
from tests import cast as people
from tests.cast import Cast
from tests.pages import browser, buttons


def late(room: Collaboration, **by: int) -> Collaboration:
    Collaboration.objects.filter(pk=room.pk).update(due_at=timezone.now() - timedelta(**by))
    return room


@pytest.mark.parametrize(
    ("who", "state", "verb"), [("mina", W.IN_PRODUCTION, "cancel"), ("manager", W.AWAITING_PAYMENT, "call_off")]
)
def test_giving_work_up_has_one_red_button_and_a_way_back(cast: Cast, who: str, state: str, verb: str) -> None:
    room = people.collaboration(cast, state=state)

    shown = buttons(getattr(cast, who), f"/collaborations/{room.public_id}/do/{verb}/")

    assert shown == {"Cancel the collaboration": "danger", "Keep it": "quiet"}


def test_posting_a_campaign_can_be_put_off(cast: Cast) -> None:
    campaign = people.campaign(cast, state="draft")

    shown = buttons(cast.manager, f"/campaigns/{campaign.public_id}/do/submit/")

    assert shown == {"Post this campaign": "primary", "Go back": "quiet"}


def test_work_is_not_cancelled_as_overdue_before_it_is(cast: Cast) -> None:
    room = late(people.collaboration(cast, state=W.IN_PRODUCTION), hours=71)
    cancel = f"/collaborations/{room.public_id}/do/cancel_late/"

    assert "Cancel the overdue work" not in buttons(cast.manager, room.get_absolute_url())
    assert browser(cast.manager).get(cancel).status_code == 409
    assert "cancel_late" not in _offered(cast.manager, room)


def test_work_that_is_three_days_late_can_be_cancelled(cast: Cast) -> None:
    room = late(people.collaboration(cast, state=W.IN_PRODUCTION), hours=73)

    assert buttons(cast.manager, room.get_absolute_url())["Cancel the overdue work"] == "danger"
    assert "cancel_late" in _offered(cast.manager, room)


def test_a_third_round_of_changes_is_not_offered(cast: Cast) -> None:
    room = people.collaboration(cast, state=W.IN_REVIEW)
    Collaboration.objects.filter(pk=room.pk).update(revisions=2)

    shown = buttons(cast.manager, room.get_absolute_url())

    assert "Approve" in shown
    assert "Request changes" not in shown


def test_more_time_is_offered_once(cast: Cast) -> None:
    offer = people.offer(cast)
    assert "Give more time" in buttons(cast.manager, offer.get_absolute_url())

    offers.extend_offer(offer, by=cast.manager)

    assert "Give more time" not in buttons(cast.manager, offer.get_absolute_url())


def test_after_the_last_round_only_an_answer_is_left(cast: Cast) -> None:
    offer = people.offer(cast)
    for fee in (21_000, 22_000):
        offers.counter_offer(offer, terms=people.draft(fee), by=cast.mina)
        offers.revise_offer(offer, terms=people.draft(fee), by=cast.manager)

    shown = buttons(cast.mina, offer.get_absolute_url())

    assert "Accept and sign" in shown
    assert "Propose changes" not in shown


def test_a_review_approves_first(cast: Cast) -> None:
    room = people.collaboration(cast, state=W.IN_REVIEW)

    shown = buttons(cast.manager, room.get_absolute_url())

    assert list(shown).index("Approve") < list(shown).index("Request changes")
    assert (shown["Approve"], shown["Request changes"]) == ("primary", "")


def test_pausing_is_never_the_main_thing_to_do(cast: Cast) -> None:
    shown = buttons(cast.manager, people.campaign(cast).get_absolute_url())

    assert (shown["Pause"], shown["Complete"], shown["Cancel the campaign"]) == ("", "", "danger")


def _offered(user: User, room: Collaboration) -> list[str]:
    body = browser(user).get(f"/api/v1/collaborations/{room.public_id}/").json()
    return [action["verb"] for action in body["actions"]]
