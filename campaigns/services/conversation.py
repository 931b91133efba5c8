"""What both sides write to each other in the room: written, read, and reported when it breaks the rules."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

from campaigns.contacts import leading_away
from campaigns.mail import tell
from campaigns.models import Collaboration, Message, ReadMark, Report, ReportReason, Side
from campaigns.policies import VIEWER, roles_of
from campaigns.states import ADMIN, CREATOR, MANAGER, PAYER, REPORT, CollaborationState
from campaigns.uploads import File, checked
from marketplace.kit.errors import Conflict, Invalid, NotAllowed
from marketplace.notices.services import notify, read_about
from marketplace.trust.services import reason_given, record
from marketplace.users.models import User

LONGEST = 4000
AT_ONCE, AWHILE = 30, timedelta(minutes=10)  # messages of one person in one room
WRITES = {MANAGER, PAYER}
NEWS_OF_MESSAGES = ("collaboration.message_to_creator", "collaboration.message_to_business")


def side_among(roles: Collection[str]) -> str | None:
    """Which side these roles are on; None for staff, who may read."""
    if CREATOR in roles:
        return Side.CREATOR
    return Side.BUSINESS if {VIEWER, *WRITES} & set(roles) else None


def may_write_as(roles: Collection[str]) -> bool:
    """The creator, and those of the business who run campaigns or pay."""
    return bool({CREATOR, *WRITES} & set(roles))


def with_news(rows: QuerySet[Collaboration]) -> QuerySet[Collaboration]:
    """Rooms that know how their conversation stands, in the same query: see `news_of`."""
    told = Message.objects.filter(collaboration=OuterRef("pk")).order_by("-id").values("id")[:1]
    hidden = Message.objects.filter(collaboration=OuterRef("pk")).exclude(hidden_at=None).order_by("-hidden_at")
    marks = ReadMark.objects.filter(collaboration=OuterRef("pk")).order_by("-up_to").values("up_to")
    return rows.annotate(
        newest=Subquery(told),
        hidden_last=Subquery(hidden.values("hidden_at")[:1]),
        seen_by_business=Subquery(marks.filter(side=Side.BUSINESS)[:1]),
        seen_by_creator=Subquery(marks.filter(side=Side.CREATOR)[:1]),
    )


def news_of(room: Any) -> tuple[object, ...]:
    """Everything that changes how a conversation looks, of a room out of `with_news`."""
    return (room.newest, room.hidden_last, room.seen_by_business, room.seen_by_creator)


def seen_by_other_side(room: Any, side: str | None) -> int:
    """The newest message that somebody of the other side has seen, of a room out of `with_news`; 0 for none."""
    seen: dict[str | None, int | None] = {Side.BUSINESS: room.seen_by_creator, Side.CREATOR: room.seen_by_business}
    return seen.get(side) or 0


def write_message(
    collaboration: Collaboration, *, text: str, file: File | None = None, is_sure: bool = False, by: User
) -> Message:
    """One side writes to the other. Contact details before the payment is secured need ``is_sure``."""
    if not may_write_as(roles_of(by, collaboration)):
        raise NotAllowed("not_yours", _("You can read this conversation, but not write in it."))
    said = text.strip()
    if not said and file is None:
        raise Invalid.at("text", "nothing_said", _("Write something or add a file."))
    if len(said) > LONGEST:
        raise Invalid.at("text", "too_long", _("Keep it under %(n)s letters.") % {"n": LONGEST})
    _check_pace(collaboration, by)
    leads_away = _leads_away(collaboration, said)
    if leads_away and not is_sure:
        raise Conflict(
            "leads_away",
            _("The payment is not secured yet. Whoever works or pays outside of Goodword is not protected."),
            found=leading_away(said),
        )
    kept, name = checked(file) if file is not None else (None, "")
    return _write(collaboration, text=said, file=kept or "", file_name=name, leads_away=leads_away, by=by)


@transaction.atomic
def _write(
    collaboration: Collaboration, *, text: str, file: object, file_name: str, leads_away: bool, by: User
) -> Message:
    side = side_among(roles_of(by, collaboration))
    assert side is not None, "who may write is on a side"
    message = Message.objects.create(
        collaboration=collaboration, by=by, side=side, text=text, file=file, file_name=file_name, leads_away=leads_away
    )
    _mark(collaboration, side, up_to=message.pk, by=by)
    tell(collaboration, "message_to_creator" if side == Side.BUSINESS else "message_to_business", once=True)
    return message


def read_messages(collaboration: Collaboration, *, side: str | None, up_to: int, by: User) -> None:
    """This person of that side has seen the conversation up to that message. Staff who look leave no mark."""
    if side is not None:
        _mark(collaboration, side, up_to=up_to, by=by)
        read_about(by, kinds=NEWS_OF_MESSAGES, url=collaboration.get_absolute_url())


def _mark(collaboration: Collaboration, side: str, *, up_to: int, by: User) -> None:
    """One statement, so that two windows of one person do not meet; a mark never goes back."""
    ReadMark.objects.bulk_create(
        [ReadMark(collaboration=collaboration, user=by, side=side, up_to=0, at=timezone.now())], ignore_conflicts=True
    )
    marks = ReadMark.objects.filter(collaboration=collaboration, user=by, up_to__lt=up_to)
    marks.update(up_to=Greatest(F("up_to"), up_to), at=timezone.now())


@transaction.atomic
def report_message(message: Message, *, reason: str, note: str = "", by: User) -> Report:
    """Somebody of the other side says that a message breaks the rules; an admin decides. Once for each person."""
    check_report(message, by=by)
    if reason not in ReportReason.values:
        raise Invalid.at("reason", "unknown_reason", _("Choose what is wrong with it."))
    report, _made = Report.objects.get_or_create(
        message=message, by=by, defaults={"reason": reason, "note": note.strip()[:500]}
    )
    return report


def check_report(message: Message, *, by: User) -> None:
    """Raise NotAllowed unless somebody of the other side wrote this."""
    side = side_among(roles_of(by, message.collaboration))
    if side is None or side == message.side:
        raise NotAllowed("not_yours", _("You can report what the other side wrote."))


@transaction.atomic
def uphold_report(report: Report, *, reason: str, by: User) -> Report:
    """An admin hides the message; who wrote it and who reported it read why."""
    said = _decide(report, "uphold", reason=reason, by=by)
    message = report.message
    Message.objects.filter(pk=message.pk, hidden_at=None).update(hidden_at=timezone.now())
    _tell(message.by, "report.uphold", _noop("A message of yours is hidden: {reason}"), said, message)
    _tell(report.by, "report.uphold", _noop("The message you reported is hidden: {reason}"), said, message)
    return report


@transaction.atomic
def dismiss_report(report: Report, *, reason: str, by: User) -> Report:
    """An admin leaves the message where it is; who reported it reads why."""
    said = _decide(report, "dismiss", reason=reason, by=by)
    _tell(report.by, "report.dismiss", _noop("The message you reported stays: {reason}"), said, report.message)
    return report


def _decide(report: Report, verb: str, *, reason: str, by: User) -> str:
    said = reason_given(reason)
    REPORT.apply(report, verb, {ADMIN}, decision=said[:500], decided_at=timezone.now())
    record(act=f"report.{verb}", thing=report, by=by, reason=said)
    return said


def _tell(person: User, kind: str, text: str, reason: str, message: Message) -> None:
    with translation.override(person.locale):
        said = _(text).format(reason=reason)
    notify(person, kind=kind, text=said, url=message.collaboration.get_absolute_url())


def _leads_away(collaboration: Collaboration, text: str) -> bool:
    return collaboration.state == CollaborationState.AWAITING_PAYMENT and bool(leading_away(text))


def _check_pace(collaboration: Collaboration, by: User) -> None:
    lately = Q(by=by, created_at__gte=timezone.now() - AWHILE)
    if collaboration.messages.filter(lately).count() >= AT_ONCE:
        raise Conflict("too_many_messages", _("That was a lot at once. Please wait a few minutes."))
