"""What the templates can say."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.test import RequestFactory

from marketplace.kit.money import Money
from marketplace.templatetags import goodword as say

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon() -> object:
    with time_machine.travel(NOON, tick=False):
        yield


def test_money_is_written_the_same_way_from_every_shape() -> None:
    shapes = [Money(124_000, "EUR"), (124_000, "EUR"), [124_000, "EUR"]]

    assert {say.money(shape) for shape in shapes} == {"€1,240.00"}
    assert say.money(124_000, "EUR") == "€1,240.00"
    assert say.money(None) == say.money("") == "–"
    assert say.money(Money(0, "EUR")) == "€0.00"


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(days=9), "9 days left"),
        (timedelta(days=3, seconds=-1), "3 days left"),
        (timedelta(days=3, hours=-2), "2 days left"),
        (timedelta(hours=5, seconds=-1), "5 hours left"),
        (timedelta(days=2), "2 days left"),
        (timedelta(hours=47), "47 hours left"),
        (timedelta(hours=1), "1 hour left"),
        (timedelta(minutes=30), "30 minutes left"),
        (timedelta(seconds=5), "1 minute left"),
        (timedelta(days=-3), "3 days late"),
    ],
)
def test_a_deadline_says_how_long_is_left(away: timedelta, words: str) -> None:
    assert say.deadline(NOON + away) == words


def test_a_deadline_names_the_act() -> None:
    assert say.deadline(NOON + timedelta(days=2), "review") == "2 days left to review"
    assert say.deadline(None) == ""


def test_urgency_grows_as_the_time_comes() -> None:
    tones = [say.urgency(NOON + timedelta(days=days)) for days in (9, 2, -1)]

    assert tones == ["neutral", "warning", "danger"]
    assert say.urgency(None) == "neutral"


def test_days_and_ages_read_like_speech() -> None:
    assert say.short_day(date(2026, 11, 28)) == "28 Nov"
    assert say.short_day(date(2027, 1, 2)) == "2 Jan 2027"
    assert say.arrives(date(2026, 11, 28)) == "arrives about 28 Nov"
    assert say.ago(NOON - timedelta(seconds=20)) == "just now"
    assert say.ago(NOON - timedelta(hours=3)) == "3 hours ago"
    assert say.ago(NOON - timedelta(days=60)) == "24 Sep"


def test_numbers_are_short_and_shares_stay_inside() -> None:
    assert [say.compact(n) for n in (950, 4_200, 12_000, 999_900, 1_340_000)] == ["950", "4.2k", "12k", "1M", "1.3M"]
    assert say.percent(0.0412) == "4.1 %"
    assert say.percent(None) == "–"
    assert [say.share_of(part, 600) for part in (-5, 0, 412, 900)] == [0, 0, 69, 100]
    assert say.share_of(5, 0) == 0


def test_a_state_has_a_tone_and_an_unknown_one_is_quiet() -> None:
    assert say.tone("released") == "success"
    assert say.tone("disputed") == "warning"
    assert say.tone("something_new") == "neutral"


def test_initials_come_from_the_first_and_the_last_word() -> None:
    assert [say.initials(name) for name in ("Ana Lima", "ana de souza lima", "@cher", "", None)] == [
        "AL", "AL", "C", "?", "?",
    ]  # fmt: skip


def test_a_name_always_gets_the_same_colour() -> None:
    assert say.avatar_tone("Ana Lima") == say.avatar_tone("Ana Lima")
    assert {say.avatar_tone(f"Person {n}") for n in range(60)} == {1, 2, 3, 4, 5, 6}


def test_a_page_link_keeps_the_other_filters() -> None:
    request = RequestFactory().get("/discover/?niche=food&page=2")

    link = Template("{% query page=3 niche=None %}").render(Context({"request": request}))

    assert link == "?page=3"


def test_an_icon_name_cannot_leave_its_folder() -> None:
    assert "<circle" in say.icon_shape("../../manage")
    assert "path" in say.icon_shape("check")
