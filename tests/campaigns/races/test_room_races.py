"""Two hands in one room at once: reviews, answers, reports and read marks."""

from __future__ import annotations

import pytest

from campaigns.models import Collaboration, Message, ReadMark, Report, Review
from campaigns.services import conversation as talk
from campaigns.services import reviews
from marketplace.notices.models import Notice
from tests import cast as people
from tests.campaigns.races.conftest import one_wins, race
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def again(room: Collaboration) -> Collaboration:
    """The same room as another hand has read it."""
    return Collaboration.objects.select_related("offer__campaign", "offer__creator", "hold").get(pk=room.pk)


def test_both_sides_review_at_once_and_both_are_published_once(cast: Cast) -> None:
    room = people.collaboration(cast, state="completed")

    outcomes = race(
        lambda: reviews.review_work(again(room), stars=5, text="Lovely.", by=cast.manager),
        lambda: reviews.review_work(again(room), stars=4, text="Kind.", by=cast.mina),
    )

    assert outcomes == [None, None]
    assert Review.objects.published().count() == 2
    assert Notice.objects.filter(kind="collaboration.reviews_published", user=cast.mina).count() == 1


def test_two_people_of_one_side_review_once(cast: Cast) -> None:
    room = people.collaboration(cast, state="completed")

    outcomes = race(
        lambda: reviews.review_work(again(room), stars=5, text="Lovely.", by=cast.manager),
        lambda: reviews.review_work(again(room), stars=1, text="Burnt.", by=cast.owner),
    )

    assert one_wins(outcomes)
    assert Review.objects.count() == 1


def test_a_review_is_answered_once(cast: Cast) -> None:
    room = people.collaboration(cast, state="completed")
    said = reviews.review_work(room, stars=5, text="Lovely.", by=cast.manager)
    reviews.review_work(room, stars=4, text="Kind.", by=cast.mina)

    outcomes = race(
        *[
            lambda text=text: reviews.answer_review(Review.objects.get(pk=said.pk), text=text, by=cast.mina)
            for text in ("Thank you.", "Thanks!")
        ]
    )

    assert one_wins(outcomes)


def test_a_report_is_decided_once(cast: Cast) -> None:
    room = people.collaboration(cast, state="in_production")
    message = talk.write_message(room, text="Two eggs", by=cast.mina)
    report = talk.report_message(message, reason="spam", by=cast.owner)

    outcomes = race(
        lambda: talk.uphold_report(Report.objects.get(pk=report.pk), reason="Spam.", by=cast.admin),
        lambda: talk.dismiss_report(Report.objects.get(pk=report.pk), reason="Fine.", by=cast.admin),
    )

    assert one_wins(outcomes)
    decided = Report.objects.get()
    assert (Message.objects.get().hidden_at is not None) == (decided.state == "upheld")


def test_two_windows_of_one_person_leave_one_mark_at_the_newest(cast: Cast) -> None:
    room = people.collaboration(cast, state="in_production")
    rows = [talk.write_message(room, text=text, by=cast.mina).pk for text in ("One.", "Two.", "Three.")]

    outcomes = race(
        *[lambda pk=pk: talk.read_messages(again(room), side="business", up_to=pk, by=cast.owner) for pk in rows]
    )

    assert outcomes == [None] * 3
    assert ReadMark.objects.get(user=cast.owner).up_to == rows[-1]
