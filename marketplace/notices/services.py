"""Telling people: one row, shown once, mailed once."""

from collections.abc import Collection

from django.utils import timezone

from marketplace.kit.later import later
from marketplace.notices import tasks
from marketplace.notices.models import Notice
from marketplace.users.models import User

LONGEST = 300  # the column's; a reason somebody typed may be longer


def notify(user: User | None, *, kind: str, text: str, url: str, next_step: str = "") -> Notice | None:
    """Tell a person something; the mail leaves after commit. People without a login get nothing."""
    if user is None:
        return None
    said = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    notice = Notice.objects.create(user=user, kind=kind, text=said, url=url, next_step=next_step)
    later(tasks.send_notice, notice_id=notice.pk)
    return notice


def is_waiting(user: User, *, kind: str, url: str) -> bool:
    """The same news about the same thing lies there unread: telling it again would tell nothing."""
    return Notice.objects.visible_to(user).unread().filter(kind=kind, url=url).exists()


def read_about(user: User, *, kinds: Collection[str], url: str) -> None:
    """The person has seen what these notices tell of, wherever they saw it."""
    Notice.objects.visible_to(user).unread().filter(kind__in=kinds, url=url).update(read_at=timezone.now())


def mark_read(user: User) -> int:
    """Everything this person has been shown counts as read. Returns how many were new."""
    return Notice.objects.visible_to(user).unread().update(read_at=timezone.now())


def open_notice(notice: Notice) -> None:
    """The person went to look at it."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())
