"""New campaigns are told to creators once, as often as they want, and never when there is nothing new."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from campaigns import clock
from campaigns.models import Campaign, Digest
from campaigns.services import digests
from creators.models import Creator
from marketplace.kit.errors import Invalid, NotAllowed
from marketplace.notices.models import Notice
from tests import cast as people
from tests.cast import Cast

MORNING = datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Europe/Berlin"))


def told(cast: Cast) -> list[str]:
    return list(
        Notice.objects.filter(user=cast.mina, kind="creator.digest").order_by("pk").values_list("text", flat=True)
    )


def opens(cast: Cast, title: str, **extra: Any) -> Campaign:
    return people.campaign(cast, title=title, opened_at=timezone.now() - timedelta(minutes=10), **extra)


def on_day(number: int, *, hour: int = 9) -> time_machine.travel:
    return time_machine.travel(MORNING.replace(hour=hour) + timedelta(days=number), tick=False)


def test_a_new_campaign_is_told_once_and_a_week_later_only_what_is_new(cast: Cast) -> None:
    with on_day(0):
        opens(cast, "Sourdough")
        clock.send_digests()
        clock.send_digests()
    for day in (1, 6):
        with on_day(day):
            opens(cast, f"Rye {day}")
            clock.send_digests()
    assert told(cast) == ["A new campaign suits you: “Sourdough”."]

    with on_day(7):
        clock.send_digests()

    assert len(told(cast)) == 2
    assert told(cast)[1].endswith("and 1 more.")


def test_who_wants_it_daily_hears_at_most_once_a_day(cast: Cast) -> None:
    with on_day(0):
        digests.set_rhythm(cast.mina_profile, every="daily", by=cast.mina)
        opens(cast, "Sourdough")
        clock.send_digests()
    with on_day(0, hour=12):
        opens(cast, "Rye")
        clock.send_digests()
    assert len(told(cast)) == 1

    with on_day(1):
        clock.send_digests()

    assert told(cast)[1] == "A new campaign suits you: “Rye”."


def test_nothing_new_is_no_news(cast: Cast) -> None:
    with on_day(0):
        clock.send_digests()

    assert told(cast) == []


def test_what_is_hidden_from_a_creator_is_not_told(cast: Cast) -> None:
    with on_day(0):
        opens(cast, "Pain", languages=["fr"])
        clock.send_digests()

    assert told(cast) == []


@pytest.mark.parametrize("why", ["never", "unlisted", "suspended"])
def test_some_are_not_told(cast: Cast, why: str) -> None:
    if why == "never":
        digests.set_rhythm(cast.mina_profile, every="never", by=cast.mina)
    elif why == "unlisted":
        Creator.objects.update(state="paused")
    else:
        type(cast.mina).objects.filter(pk=cast.mina.pk).update(suspended_at=timezone.now())
    with on_day(0):
        opens(cast, "Sourdough")
        clock.send_digests()

    assert told(cast) == []


def test_nobody_is_woken_at_night(cast: Cast) -> None:
    with on_day(0, hour=5):
        opens(cast, "Sourdough")
        clock.send_digests()

    assert told(cast) == []


def test_a_crash_between_notice_and_note_leaves_neither(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError

    with on_day(0):
        opens(cast, "Sourdough")
        with monkeypatch.context() as patch:
            patch.setattr(digests, "notify", crash)
            clock.send_digests()
        assert not Digest.objects.exclude(looked_on=None).exists()
        clock.send_digests()

    assert len(told(cast)) == 1


def test_a_slow_round_stops_in_time_and_the_next_one_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with on_day(0):
        opens(cast, "Sourdough")
        with monkeypatch.context() as patch:
            patch.setattr(clock, "AWHILE_SECONDS", 0.0)
            clock.send_digests()
        assert told(cast) == []
        clock.send_digests()

    assert len(told(cast)) == 1


def test_a_creator_chooses_the_rhythm_on_the_page(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.mina, backend="django.contrib.auth.backends.ModelBackend")

    answer = browser.post("/opportunities/digest/", {"every": "never"}, follow=True)
    assert '<option value="never" selected>' in answer.content.decode()
    browser.post("/opportunities/digest/", {"every": "hourly"})

    assert digests.rhythm_of(cast.mina_profile) == "never"


def test_only_oneself_chooses_and_only_what_there_is(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        digests.set_rhythm(cast.mina_profile, every="never", by=cast.owner)
    with pytest.raises(Invalid):
        digests.set_rhythm(cast.mina_profile, every="hourly", by=cast.mina)

    assert not Digest.objects.exists()
