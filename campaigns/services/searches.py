"""Searches that a business keeps: saved, looked at, checked for new finds, told of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from campaigns.models import Business, SavedSearch
from campaigns.policies import require
from campaigns.states import MANAGER
from creators.models import Creator
from creators.search import CARD_COLUMNS, Search, Wanted, restored, stored
from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.texts import one_line
from marketplace.notices.services import notify
from marketplace.users.models import User

SEARCHES_MAX = 20
NAME_MAX = 60
CHECK_EVERY = timedelta(hours=24)
# Of a search that fits more than this, the newest are watched.
WATCHED = 4_000
FINDS_SHOWN = 24
RUNS = ("owner", "manager")
KIND = "search.found"


@transaction.atomic
def save_search(business: Business, *, name: str, wanted: Wanted, is_told: bool = True, by: User) -> SavedSearch:
    """Somebody who runs campaigns keeps a search; whoever fits now is known, and only others are news."""
    require(by, business, MANAGER)
    # The business's row is the queue for two clicks at once.
    Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    if SavedSearch.objects.filter(business=business).count() >= SEARCHES_MAX:
        raise Conflict("too_many_searches", f"A team can keep {SEARCHES_MAX} searches. Remove one first.")
    if not wanted.asked:
        raise Invalid("search_empty", "Set at least one filter first: everybody is no search.")
    name, now = _named(business, name), timezone.now()
    search = SavedSearch(
        business=business,
        made_by=by,
        name=name,
        wanted=stored(wanted),
        is_told=is_told,
        looked_at=now,
        checked_at=now,
    )
    search.known, search.floor = _matching(search)
    search.save()
    return search


@transaction.atomic
def edit_search(search: SavedSearch, *, name: str, is_told: bool, by: User) -> SavedSearch:
    """Somebody who runs campaigns renames a search, or says whether it tells of finds."""
    require(by, search.business, MANAGER)
    search.name, search.is_told = _named(search.business, name, but=search), is_told
    search.save(update_fields=["name", "is_told", "updated_at"])
    return search


@transaction.atomic
def look_at_search(search: SavedSearch, *, by: User) -> SavedSearch:
    """Somebody who runs campaigns has seen the new ones: from now on they are known."""
    require(by, search.business, MANAGER)
    held = SavedSearch.objects.select_for_update(no_key=True).get(pk=search.pk)
    held.known, held.fresh, held.looked_at = sorted({*held.known, *held.fresh}), [], timezone.now()
    held.save(update_fields=["known", "fresh", "looked_at", "updated_at"])
    return held


def remove_search(search: SavedSearch, *, by: User) -> None:
    """Somebody who runs campaigns has no more use for a search."""
    require(by, search.business, MANAGER)
    search.delete()


def check_search(search: SavedSearch, *, now: datetime | None = None) -> int:
    """Find who fits and is not known yet, and tell those who run campaigns at most once a day. Returns how many new.

    The row is locked by the caller. A second run within the day finds the same and tells nobody.
    """
    now = now or timezone.now()
    matching, search.floor = _matching(search)
    fits, seen = set(matching), {*search.known, *search.fresh}
    new = [pk for pk in matching if pk not in seen]
    search.known = [pk for pk in search.known if pk in fits]
    search.fresh = [pk for pk in search.fresh if pk in fits] + new
    search.checked_at = now
    if new and search.is_told and (search.told_at is None or search.told_at <= now - CHECK_EVERY):
        search.told_at = now
        _tell(search)
    search.save(update_fields=["known", "fresh", "floor", "checked_at", "told_at", "updated_at"])
    return len(new)


def finds_of(search: SavedSearch) -> list[dict[str, Any]]:
    """The new ones as the columns of cards, newest first; who is not listed any more is left out. One query."""
    rows = Creator.objects.listed().filter(pk__in=search.fresh).order_by("-pk")
    return list(rows.values(*CARD_COLUMNS)[:FINDS_SHOWN])


def _matching(search: SavedSearch) -> tuple[list[int], int]:
    """The keys of those who fit, newest first, and the floor below which nobody is watched."""
    found = Search(restored(search.wanted)).found().filter(pk__gte=search.floor)
    ids = list(found.order_by("-pk").values_list("pk", flat=True)[:WATCHED])
    return ids, ids[-1] if len(ids) == WATCHED else search.floor


def _tell(search: SavedSearch) -> None:
    count = len(search.fresh)
    text = ngettext("%(n)s new creator fits “%(name)s”.", "%(n)s new creators fit “%(name)s”.", count)
    said = text % {"n": f"{count:,}", "name": search.name}
    team = User.objects.filter(memberships__business=search.business, memberships__role__in=RUNS, wants_finds=True)
    for user in team.filter(is_active=True, suspended_at=None).order_by("pk"):
        notify(user, kind=KIND, text=said, url=search.get_absolute_url(), next_step="See who")


def _named(business: Business, name: str, *, but: SavedSearch | None = None) -> str:
    name = one_line(name)
    if not 0 < len(name) <= NAME_MAX:
        raise Invalid.at("name", "nameless", f"Give the search a name of at most {NAME_MAX} letters.")
    others = SavedSearch.objects.filter(business=business, name=name)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise Invalid.at("name", "name_taken", "There is a search of this name already.")
    return name
