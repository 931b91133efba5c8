"""When things are due: instants in UTC, worked out in the local time of whoever must act. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
PUBLISH_GRACE = timedelta(days=2)
LATE_GRACE = timedelta(hours=72)
REMIND_BEFORE = timedelta(hours=24)


def after(start: datetime, *, hours: int) -> datetime:
    """So many hours later, on any clock."""
    return start + timedelta(hours=hours)


def business_days_after(start: datetime, days: int, *, zone: str) -> datetime:
    """The same local time that many working days later; what arrives on a weekend counts as Monday's first minute."""
    local = start.astimezone(ZoneInfo(zone))
    day, at = local.date(), local.time()
    if day.weekday() >= SATURDAY:
        day, at = _weekday_from(day), time(0)
    for _ in range(days):
        day = _weekday_from(day + timedelta(days=1))
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _weekday_from(day: date) -> date:
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day


def end_of(day: date, *, zone: str) -> datetime:
    """The last moment of a day where the person lives: midnight that begins the next one."""
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def publish_by(day: date, *, zone: str) -> datetime:
    """A posting date may be missed by two days."""
    return end_of(day, zone=zone) + PUBLISH_GRACE
