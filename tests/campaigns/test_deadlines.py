"""Deadlines are instants; days are those of whoever must act; clocks that change do not steal an hour."""

from datetime import UTC, date, datetime, timedelta

import pytest

from campaigns.deadlines import after, business_days_after, end_of, publish_by

BERLIN = "Europe/Berlin"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-06-01T10:00+02:00", "2026-06-04T10:00+02:00"),
        ("2026-06-03T10:00+02:00", "2026-06-08T10:00+02:00"),
        ("2026-06-05T23:59+02:00", "2026-06-10T23:59+02:00"),
        ("2026-06-06T12:00+02:00", "2026-06-11T00:00+02:00"),
        ("2026-06-07T23:00+02:00", "2026-06-11T00:00+02:00"),
        ("2026-03-27T09:00+01:00", "2026-04-01T09:00+02:00"),
        ("2026-10-23T09:00+02:00", "2026-10-28T09:00+01:00"),
    ],
    ids=["monday", "wednesday", "friday night", "saturday", "sunday", "into summer time", "out of summer time"],
)
def test_three_business_days(start: str, due: str) -> None:
    assert business_days_after(at(start), 3, zone=BERLIN) == at(due)


def test_the_weekend_is_that_of_the_business() -> None:
    friday_evening_in_berlin = at("2026-06-05T22:00+02:00")

    assert business_days_after(friday_evening_in_berlin, 1, zone=BERLIN) == at("2026-06-08T22:00+02:00")
    assert business_days_after(friday_evening_in_berlin, 1, zone="Asia/Tokyo") == at("2026-06-09T00:00+09:00")


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_a_day_ends_at_local_midnight_however_long_it_is(day: date, hours: int) -> None:
    assert end_of(day, zone=BERLIN) - end_of(day - timedelta(days=1), zone=BERLIN) == timedelta(hours=hours)


def test_hours_are_hours_over_a_change_of_clocks() -> None:
    assert after(at("2026-03-28T12:00+01:00"), hours=72) == at("2026-03-31T13:00+02:00")


def test_publishing_may_be_two_days_late() -> None:
    due = publish_by(date(2026, 6, 1), zone=BERLIN)

    assert due == datetime(2026, 6, 3, 22, 0, tzinfo=UTC)
