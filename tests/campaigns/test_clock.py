"""What time does: invitations, applications and offers end, silence approves, unpaid work ends with a strike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.utils import timezone

from campaigns import clock, mail
from campaigns.models import Activity, Application, Campaign, Collaboration, Invitation, MatchRun, Offer
from campaigns.services import offers, teams, work
from marketplace.notices.models import Notice
from marketplace.trust.models import Strike
from payments.models import Hold
from tests import cast as people
from tests.cast import Cast


def later(**span: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(**span))


def everything() -> None:
    clock.expire()
    clock.advance()
    clock.remind()
    clock.catch_up()


def marks() -> tuple[int, int]:
    return Activity.objects.count(), Notice.objects.count()


@pytest.mark.parametrize(
    ("make", "model", "days"),
    [(people.invitation, Invitation, 7), (people.application, Application, 7), (people.offer, Offer, 3)],
)
def test_what_nobody_answers_ends_on_time_and_once(cast: Cast, make: Any, model: Any, days: int) -> None:
    make(cast)

    with later(days=days, seconds=-60):
        clock.expire()
        assert model.objects.get().state in {"sent", "submitted"}
    with later(days=days, seconds=1):
        clock.expire()
        assert model.objects.get().state == "expired"
        before = marks()
        clock.expire()

    assert marks() == before


def test_a_reminder_comes_a_day_before_and_once(cast: Cast) -> None:
    people.offer(cast)

    with later(hours=47):
        clock.remind()
        assert not Notice.objects.filter(kind="offer.remind").exists()
    with later(hours=49):
        clock.remind()
        clock.remind()

    assert Notice.objects.filter(kind="offer.remind", user=cast.mina).count() == 1


def test_more_time_brings_another_reminder(cast: Cast) -> None:
    offer = people.offer(cast)

    with later(hours=49):
        clock.remind()
        offer.refresh_from_db()
        offers.extend_offer(offer, by=cast.manager)
    with later(hours=49 + 72):
        clock.remind()

    assert Notice.objects.filter(kind="offer.remind", user=cast.mina).count() == 2


def test_a_countered_offer_reminds_the_business(cast: Cast) -> None:
    offers.counter_offer(people.offer(cast), terms=people.draft(21_000), by=cast.mina)

    with later(hours=49):
        clock.remind()

    assert Notice.objects.filter(kind="offer.remind_business", user=cast.manager).count() == 1


def test_unpaid_work_ends_with_a_strike_and_frees_the_creator(cast: Cast) -> None:
    made = people.collaboration(cast)

    with later(hours=49):
        clock.remind()
    with later(hours=73):
        clock.advance()
        clock.advance()

    made.refresh_from_db()
    assert made.state == "expired"
    assert Hold.objects.get().state == "expired"
    assert Strike.objects.get().kind == "unpaid_collaboration"
    assert Notice.objects.filter(kind="collaboration.remind_payment", user=cast.finance).count() == 1
    assert Notice.objects.filter(kind="collaboration.expire", user=cast.mina).count() == 1


def test_silence_approves_and_then_pays(cast: Cast) -> None:
    paid = people.secure(people.collaboration(cast, publish_on=None))
    work.submit_work(paid, link="https://example.org/draft", by=cast.mina)
    assert paid.due_at is not None

    with time_machine.travel(paid.due_at - timedelta(hours=23)):
        everything()
        assert Collaboration.objects.get().state == "in_review"
        assert Notice.objects.filter(kind="collaboration.remind_review", user=cast.manager).count() == 1
    with time_machine.travel(paid.due_at + timedelta(seconds=1)):
        everything()
        before = marks()
        everything()

    assert Collaboration.objects.get().state == "completed"
    assert Hold.objects.get().state == "releasing"
    assert marks() == before


def test_silence_confirms_a_live_post(cast: Cast) -> None:
    paid = people.secure(people.collaboration(cast))
    work.submit_work(paid, link="https://example.org/draft", by=cast.mina)
    work.approve_work(paid, by=cast.manager)
    work.mark_live(paid, url="https://example.org/p/1", by=cast.mina)

    with later(hours=73):
        clock.advance()

    assert Collaboration.objects.get().state == "completed"
    assert Hold.objects.get().state == "releasing"


def test_late_work_is_noted_once_and_not_cancelled(cast: Cast) -> None:
    paid = people.secure(people.collaboration(cast))
    assert paid.due_at is not None

    with time_machine.travel(paid.due_at + timedelta(hours=1)):
        clock.advance()
        clock.advance()

    paid.refresh_from_db()
    assert paid.state == "in_production"
    assert paid.overdue_at is not None
    assert Notice.objects.filter(kind="collaboration.late", user=cast.mina).count() == 1


def test_a_campaign_completes_after_its_last_day_when_nothing_runs(cast: Cast) -> None:
    quiet, busy = people.campaign(cast), people.offer(cast).campaign
    Offer.objects.update(expires_at=timezone.now() + timedelta(days=99))

    with later(days=32):
        clock.advance()

    assert Campaign.objects.get(pk=quiet.pk).state == "completed"
    assert Campaign.objects.get(pk=busy.pk).state == "open"


def test_one_row_that_refuses_does_not_stop_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = people.offer(cast), people.offer(cast)
    Offer.objects.filter(pk=first.pk).update(state="sent")
    real = offers.expire_offer

    def refuse_first(offer: Offer) -> None:
        if offer.pk == first.pk:
            offers.extend_offer(offer, by=cast.mina)
        real(offer)

    monkeypatch.setattr(offers, "expire_offer", refuse_first)
    with later(hours=73):
        clock.expire()

    assert [Offer.objects.get(pk=o.pk).state for o in (first, second)] == ["sent", "expired"]


def test_one_row_that_breaks_does_not_stop_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [people.secure(people.collaboration(cast, publish_on=None)) for _ in range(2)]
    for room in made:
        work.submit_work(room, link="https://example.org/draft", by=cast.mina)
    real = work.approve_work

    def break_first(room: Collaboration, *, by: None) -> None:
        real(room, by=by)
        if room.pk == made[0].pk:
            raise OverflowError("date value out of range")

    monkeypatch.setattr(work, "approve_work", break_first)
    with later(days=9):
        clock.advance()

    assert [Collaboration.objects.get(pk=room.pk).state for room in made] == ["in_review", "completed"]


def test_one_invite_or_ranking_that_breaks_does_not_stop_the_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    runs = [MatchRun.objects.create(campaign=people.campaign(cast), brief_hash="0" * 64) for _ in range(2)]
    invites = [
        teams.invite_member(cast.bakery, email=f"{name}@example.org", role="viewer", by=cast.owner) for name in "ab"
    ]
    tried: list[int] = []

    def breaking(act: Callable[[int], object], first: int) -> Callable[[int], None]:
        def run(pk: int) -> None:
            tried.append(pk)
            if pk == first:
                raise ValueError("a broken row")
            act(pk)

        return run

    monkeypatch.setattr("campaigns.shortlist.run_match", breaking(lambda _pk: None, runs[0].pk))
    monkeypatch.setattr(clock, "deliver_invite", breaking(mail.deliver_invite, invites[0].pk))
    with later(minutes=2):
        clock.catch_up()

    assert tried == [run.pk for run in runs] + [invite.pk for invite in invites]
    assert [message.to for message in mailoutbox] == [["b@example.org"]]


def test_every_job_of_the_clock_is_a_task() -> None:
    names = {task for task, _seconds in clock.SCHEDULE.values()}

    assert names <= {getattr(job, "name", None) for job in vars(clock).values()}
