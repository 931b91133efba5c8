"""Creators side by side, in words: every figure with its sample, source and day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from creators.models import Channel, Creator
from creators.services.comparing import LEAST, MOST, Cell, Figure, compare, find_compared
from creators.validity import LANGUAGES
from creators.views.cards import day, length, percent, price

ASKED_MOST = 20  # more names than this are nobody's choice
TITLES = {
    "engagement_rate": (lazy("Engagement"), lazy("likes and comments for each follower, the median")),
    "engagement_shrunk": (
        lazy("Engagement to compare"),
        lazy("moved towards the usual where few posts are known"),
    ),
    "reply_rate": (lazy("Comments answered"), ""),
    "comment_words": (lazy("Length of comments"), ""),
    "genuine_share": (lazy("Comments that say something"), lazy("neither emoji only nor generic")),
    "sponsored_share": (lazy("Sponsored posts"), ""),
    "price_from_minor": (lazy("Price"), lazy("the lowest on the rate card")),
    "room_per_month": (lazy("Takes on"), ""),
}
BEST = {"highest": lazy("highest"), "lowest": lazy("lowest")}
LANGUAGE_NAMES = dict(LANGUAGES)


@require_safe
def creator_compare(request: HttpRequest) -> HttpResponse:
    """Two to four listed creators (``c``: handles) side by side; with fewer, how to choose them."""
    named = chosen(request)
    found = find_compared(named)
    shown = found[:MOST]
    context = {
        "people": [{"creator": row, "without": _query(shown, without=row)} for row in shown],
        "is_enough": len(shown) >= LEAST,
        "is_full": len(shown) == MOST,
        "left_out": [row.display_name for row in found[MOST:]],
        "missing": len(named) - len(found),
        "most": MOST,
        "rows": _rows(shown) if len(shown) >= LEAST else [],
        "onward": _query(shown),
    }
    return render(request, "creators/compare.html", context)


def chosen(request: HttpRequest) -> list[str]:
    """The handles in the address, each once."""
    return list(dict.fromkeys(name[:40] for name in request.GET.getlist("c")[:ASKED_MOST] if name))


def _query(shown: Sequence[Creator], *, without: Creator | None = None) -> str:
    return "?" + "&".join(f"c={row.handle}" for row in shown if row is not without)


def _rows(shown: Sequence[Creator]) -> list[dict[str, Any]]:
    """What one reads first: what they know and where; then the figures; then the channels."""
    told = [
        _plain(_("Niches"), [", ".join(row.niche_names) for row in shown]),
        _plain(_("Place"), [row.town_label or row.country for row in shown]),
        _plain(_("Languages"), [", ".join(LANGUAGE_NAMES.get(code, code) for code in row.languages) for row in shown]),
    ]
    figures = [_figure(figure, cells) for figure, cells in compare(shown)]
    last = [
        _plain(_("Newest post"), [day(row.last_post_on) for row in shown]),
        {
            "title": _("Channels"),
            "note": _("followers, for information"),
            "cells": [{"lines": [_channel(channel) for channel in row.channels.all()]} for row in shown],
        },
        _plain(_("Does not promote"), [", ".join(row.exclusions) for row in shown], unknown=_("nothing named")),
    ]
    return [{**row, "cells": _named(row["cells"], shown)} for row in told + figures + last]


def _named(cells: Sequence[dict[str, Any]], shown: Sequence[Creator]) -> list[dict[str, Any]]:
    """On a phone each cell stands alone and says whose it is."""
    return [{**cell, "name": row.display_name} for cell, row in zip(cells, shown, strict=True)]


def _plain(title: str, texts: list[str], *, unknown: str = "") -> dict[str, Any]:
    return {"title": title, "cells": [{"text": text, "unknown": unknown} for text in texts]}


def _figure(figure: Figure, cells: list[Cell]) -> dict[str, Any]:
    title, note = TITLES[figure.name]
    best = BEST.get(figure.better, "")
    said = [{"text": _value(figure, one), "note": _from(one), "best": best if one.is_best else ""} for one in cells]
    return {"title": title, "note": note, "cells": said}


def _value(figure: Figure, cell: Cell) -> str:
    if cell.value is None:
        return ""
    if figure.unit == "share":
        return percent(cell.value)
    if figure.unit == "words":
        return length(cell.value)
    if figure.unit == "minor":
        return price(int(cell.value), cell.currency)
    number = int(cell.value)
    return ngettext("%(n)d paid collaboration a month", "%(n)d paid collaborations a month", number) % {"n": number}


def _from(cell: Cell) -> str:
    """“12 posts, newest 3 Nov 2026”, “180 comments, seen by 3 Nov 2026”, “entered by hand”."""
    if cell.source == "entered":
        return _("entered by hand")
    if cell.source == "posts":
        counted = ngettext("%(n)s post", "%(n)s posts", cell.sample or 0) % {"n": f"{cell.sample:,}"}
        return f"{counted}, {_('newest')} {day(cell.as_of)}" if cell.as_of else counted
    if cell.source == "comments":
        counted = ngettext("%(n)s comment", "%(n)s comments", cell.sample or 0) % {"n": f"{cell.sample:,}"}
        return f"{counted}, {_('by')} {day(cell.as_of)}" if cell.as_of else counted
    return ""


def _channel(channel: Channel) -> str:
    """“Instagram: 4,200 (imported, 3 Nov 2026)”."""
    known = f"{channel.followers:,}" if channel.followers is not None else _("not known yet")
    origin = ", ".join(filter(None, (channel.get_source_display().lower(), day(channel.figures_on))))
    return f"{channel.get_network_display()}: {known} ({origin})"
