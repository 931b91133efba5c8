"""Reviews: blind until both have written, published together or in time, answered once; and the track record."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from campaigns import clock
from campaigns.models import Collaboration, Member, Review, Role
from campaigns.moves import note
from campaigns.services import reviews, track_record
from campaigns.services.reviews import answer_review, review_work
from marketplace.kit.errors import Conflict, DomainError, Invalid, NotAllowed
from marketplace.notices.models import Notice
from marketplace.users.models import User
from tests import cast as people
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(cast: Cast) -> Collaboration:
    return people.collaboration(cast, state="completed")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def pages(room: Collaboration, *persons: User) -> list[str]:
    return [client_of(one).get(f"/collaborations/{room.public_id}/review/").content.decode() for one in persons]


def test_neither_side_reads_the_other_before_both_have_written(room: Collaboration, cast: Cast) -> None:
    review_work(room, stars=2, text="Late answers.", by=cast.mina)
    mina, rosa = pages(room, cast.mina, cast.owner)
    public = client_of(cast.other_creator).get(f"/business/{cast.bakery.public_id}/reviews/").content.decode()

    assert ("Late answers." in mina, "Late answers." in rosa, "Late answers." in public) == (True, False, False)
    assert "The other side has written." in rosa

    review_work(room, stars=5, text="Lovely reel.", by=cast.manager)

    for shown in pages(room, cast.mina, cast.owner):
        assert "Late answers." in shown
        assert "Lovely reel." in shown
    assert Review.objects.published().count() == 2
    assert Notice.objects.filter(kind="collaboration.reviews_published", user=cast.mina).count() == 1


def test_what_one_side_wrote_is_published_after_fourteen_days(room: Collaboration, cast: Cast) -> None:
    review_work(room, stars=4, text="Good bread.", by=cast.mina)
    now = timezone.now()
    with time_machine.travel(now + reviews.WINDOW - timedelta(minutes=1)):
        clock.publish_reviews()
        before = Review.objects.published().count()
    with time_machine.travel(now + reviews.WINDOW + timedelta(minutes=1)):
        clock.publish_reviews()
        clock.publish_reviews()

    assert (before, Review.objects.published().count()) == (0, 1)
    assert Notice.objects.filter(kind="collaboration.reviews_published", user=cast.mina).count() == 1


def test_reviews_are_taken_for_fourteen_days(room: Collaboration, cast: Cast) -> None:
    with time_machine.travel(timezone.now() + reviews.WINDOW), pytest.raises(Conflict) as refusal:
        review_work(room, stars=4, text="Good bread.", by=cast.mina)

    assert (refusal.value.code, Review.objects.count()) == ("too_late", 0)


@pytest.mark.parametrize("state", ["awaiting_payment", "in_production", "in_review", "live", "on_hold", "cancelled"])
def test_only_completed_work_is_reviewed(cast: Cast, state: str) -> None:
    with pytest.raises(Conflict) as refusal:
        review_work(people.collaboration(cast, state=state), stars=4, text="Good bread.", by=cast.mina)

    assert refusal.value.code == "not_completed"


def test_a_side_reviews_once_and_its_word_stays(room: Collaboration, cast: Cast) -> None:
    review_work(room, stars=4, text="Good bread.", by=cast.manager)

    with pytest.raises(Conflict):
        review_work(room, stars=1, text="On second thought.", by=cast.owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(collaboration=room, side="business", by=cast.owner, stars=1, text="Again.")

    assert Review.objects.get().stars == 4


@pytest.mark.parametrize("who", ["finance", "viewer", "other_owner", "other_creator", "admin"])
def test_others_review_nothing(room: Collaboration, cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        review_work(room, stars=5, text="Great!", by=getattr(cast, who))

    assert not Review.objects.exists()


def test_people_who_belong_together_review_nothing(room: Collaboration, cast: Cast) -> None:
    Member.objects.create(business=cast.bakery, user=cast.mina, role=Role.VIEWER)

    for person in (cast.mina, cast.owner):
        with pytest.raises(Conflict) as refusal:
            review_work(room, stars=5, text="Great!", by=person)
        assert refusal.value.code == "related"


@pytest.mark.parametrize(("stars", "text"), [(0, "Bad."), (6, "Good."), (5, "  "), (5, "x" * 1001)])
def test_malformed_reviews_are_refused(room: Collaboration, cast: Cast, stars: int, text: str) -> None:
    with pytest.raises(Invalid):
        review_work(room, stars=stars, text=text, by=cast.mina)

    assert not Review.objects.exists()


def test_whom_it_is_about_answers_once(room: Collaboration, cast: Cast) -> None:
    blind = review_work(room, stars=1, text="Burnt.", by=cast.manager)
    with pytest.raises(Conflict):
        answer_review(blind, text="It was not.", by=cast.mina)
    review_work(room, stars=4, text="Good bread.", by=cast.mina)

    answer_review(blind, text=" It was meant to be dark. ", by=cast.mina)

    for person, refusal in ((cast.mina, Conflict), (cast.owner, NotAllowed), (cast.admin, NotAllowed)):
        with pytest.raises(refusal):
            answer_review(blind, text="And another thing.", by=person)
    blind.refresh_from_db()
    assert blind.answer == "It was meant to be dark."
    assert "It was meant to be dark." in Client().get("/c/mina/reviews/").content.decode()


def test_both_pages_show_mean_and_count_of_what_is_published(cast: Cast) -> None:
    for stars in (5, 4):
        room = people.collaboration(cast, state="completed")
        review_work(room, stars=stars, text=f"Worth {stars}.", by=cast.manager)
        review_work(room, stars=3, text="All right.", by=cast.mina)
    blind = people.collaboration(cast, state="completed")
    review_work(blind, stars=1, text="Not yet public.", by=cast.manager)

    creator = Client().get("/c/mina/reviews/").content.decode()
    business = client_of(cast.other_creator).get(f"/business/{cast.bakery.public_id}/reviews/").content.decode()

    assert "4.5 of 5 stars in 2 reviews" in creator
    assert "Not yet public." not in creator
    assert "3.0 of 5 stars in 2 reviews" in business


def test_a_track_record_counts_what_ended_in_the_last_year(cast: Cast) -> None:
    now = timezone.now()
    good, late, given_back, old = (people.collaboration(cast, state="completed") for _ in range(4))
    Collaboration.objects.filter(pk=late.pk).update(overdue_at=now, revisions=2)
    Collaboration.objects.filter(pk=given_back.pk).update(state="cancelled", completed_at=None)
    note(given_back, "cancel", "cancelled", by=cast.mina, role="creator")
    Collaboration.objects.filter(pk=old.pk).update(updated_at=now - timedelta(days=366))
    Collaboration.objects.filter(pk=people.collaboration(cast).pk).update(state="expired")
    people.collaboration(cast, state="in_review")

    creator, business = track_record.of_creator(cast.mina_profile), track_record.of_business(cast.bakery)

    assert (creator.ended, creator.completed, creator.on_time, creator.cancelled) == (4, 2, 1, 1)
    assert (business.ended, business.cancelled, business.unpaid, business.revisions) == (4, 0, 1, 1.0)
    assert good.completed_at is not None


def test_nothing_ended_is_no_bad_record(cast: Cast) -> None:
    assert track_record.of_creator(cast.other_profile).ended == 0
    assert "new here" in Client().get("/c/omar/reviews/").content.decode()


def test_the_api_keeps_reviews_blind_too(room: Collaboration, cast: Cast) -> None:
    address = f"/api/v1/collaborations/{room.public_id}"
    sent = client_of(cast.mina).post(
        f"{address}/review/", {"stars": 2, "text": "Late answers."}, content_type="application/json"
    )

    seen = [client_of(one).get(f"{address}/reviews/").json() for one in (cast.mina, cast.owner, cast.admin)]

    assert sent.status_code == 201
    assert [len(rows) for rows in seen] == [1, 0, 0]


def test_a_refusal_is_a_domain_error_with_a_code(room: Collaboration, cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        review_work(room, stars=3, text="Hm.", by=cast.viewer)

    assert refusal.value.code == "not_yours"
