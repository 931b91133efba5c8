"""Telling creators of new campaigns: as often as they want, at most once a day, and only when there is news."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Digest, Rhythm
from campaigns.shortlist import choose, open_to
from creators.models import Creator
from marketplace.kit.errors import Invalid, NotAllowed
from marketplace.notices.services import notify
from marketplace.users.models import User

MORNING = 8  # o'clock, the server's
WEEK = timedelta(days=7)
SETTLED = timedelta(minutes=5)  # a campaign that opens is seen only once its transaction is in
USUAL = 0.5  # the score of a campaign of which nothing speaks for or against
FIND_WORK = "/opportunities/"


def rhythm_of(creator: Creator) -> str:
    """How often this creator wants to be told; asks nothing more of a creator read with their digest."""
    return creator.digest.every if hasattr(creator, "digest") else Rhythm.WEEKLY


def set_rhythm(creator: Creator, *, every: str, by: User) -> Digest:
    """The creator says how often they want to hear of new campaigns."""
    if creator.user_id != by.pk:
        raise NotAllowed("not_yours", "This profile is not yours.")
    if every not in Rhythm.values:
        raise Invalid.at("every", "unknown_rhythm", "Choose one of: every day, every week, never.")
    return Digest.objects.update_or_create(creator=creator, defaults={"every": every})[0]


def due(today: date) -> QuerySet[Creator]:
    """Listed creators with a login for whom nobody has looked for as long as they want."""
    daily = Q(digest__every=Rhythm.DAILY) & (Q(digest__looked_on=None) | Q(digest__looked_on__lt=today))
    weekly = Q(digest__every=Rhythm.WEEKLY) & (Q(digest__looked_on=None) | Q(digest__looked_on__lte=today - WEEK))
    able = Creator.objects.listed().filter(user__is_active=True, user__suspended_at=None)
    return able.filter(Q(digest=None) | daily | weekly).select_related("user", "digest")


@transaction.atomic
def tell_of_new(creator: Creator) -> bool:
    """Tell a creator of campaigns that opened since they were last told and suit them. May run twice, tells once.

    The same transaction writes the notice and that it was written. Returns whether there was something to tell.
    """
    today, now = timezone.localdate(), timezone.now()
    Digest.objects.get_or_create(creator=creator)
    mine = Digest.objects.select_for_update(no_key=True).get(creator=creator)
    if not due(today).filter(pk=creator.pk).exists():
        return False
    until = now - SETTLED
    new = _new(creator, since=mine.told_until or now - WEEK, until=until)
    Digest.objects.filter(pk=mine.pk).update(looked_on=today, told_until=until)
    if not new:
        return False
    user = creator.user
    with translation.override(user.locale if user else None):
        notify(user, kind="creator.digest", text=_text(new), url=FIND_WORK, next_step=_("See what suits you"))
    return True


def _new(creator: Creator, *, since: datetime, until: datetime) -> list[str]:
    """The titles of what opened in this time and suits at least as well as the usual, best first."""
    campaigns = open_to(creator)
    fresh = dict(campaigns.filter(Q(open_since__gt=since, open_since__lte=until)).values_list("pk", "title"))
    if not fresh:
        return []
    found = choose(creator, campaigns).found
    return [fresh[pk] for pk, one in found.items() if pk in fresh and one.score >= USUAL]


def _text(titles: list[str]) -> str:
    rest = len(titles) - 1
    if not rest:
        return _("A new campaign suits you: “%(title)s”.") % {"title": titles[0]}
    said = ngettext(
        "New campaigns suit you: “%(title)s” and %(rest)d more.",
        "New campaigns suit you: “%(title)s” and %(rest)d more.",
        rest,
    )
    return said % {"title": titles[0], "rest": rest}
