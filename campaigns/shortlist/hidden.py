"""Why a creator does not see an open campaign, and what would show it, in words with counts."""

from __future__ import annotations

from typing import TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from campaigns.shortlist.openings import Choice


class Hidden(TypedDict):
    """One filter: how many campaigns it hides, how many it alone hides, and what the creator can do about it."""

    name: str
    count: int
    alone: int
    text: str
    advice: str


ADVICE = {
    "country": "",
    "radius": gettext_noop("Say where you are."),
    "languages": gettext_noop("Add the languages you publish in."),
    "platforms": gettext_noop("Add your other channels."),
    "price": gettext_noop("A lower least fee would show them."),
    "exclusions": gettext_noop("They are about what you don't promote."),
    "team": "",
}


def why_hidden(choice: Choice) -> list[Hidden]:
    """The filters that hide campaigns from this creator, the one first that alone hides most."""
    names = sorted(choice.stopped, key=lambda name: (-choice.alone[name], -choice.stopped[name], name))
    return [
        Hidden(
            name=name,
            count=choice.stopped[name],
            alone=choice.alone[name],
            text=_text(name, choice.stopped[name]),
            advice=_(ADVICE[name]) if ADVICE[name] and not (name == "radius" and choice.is_placed) else "",
        )
        for name in names
    ]


def _text(name: str, count: int) -> str:
    """“3 look for posts in other languages.”"""
    said = {
        "country": ngettext("%d looks in another country.", "%d look in another country.", count),
        "radius": ngettext("%d looks for somebody nearer.", "%d look for somebody nearer.", count),
        "languages": ngettext("%d wants other languages.", "%d want other languages.", count),
        "platforms": ngettext("%d wants other networks.", "%d want other networks.", count),
        "price": ngettext("%d has less left than your least fee.", "%d have less left than your least fee.", count),
        "exclusions": ngettext("%d is about what you exclude.", "%d are about what you exclude.", count),
        "team": ngettext("%d is of your own team.", "%d are of your own team.", count),
    }
    return said[name] % count
