"""Why a ranking found nobody, from the counts that it stored: which filter to loosen, and how many that would bring."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

FILTERS = {
    "country": gettext_noop("the country"),
    "radius": gettext_noop("the radius"),
    "languages": gettext_noop("the languages"),
    "platforms": gettext_noop("the networks"),
    "price": gettext_noop("the budget"),
    "exclusions": gettext_noop("what creators refuse to promote"),
    "team": gettext_noop("your own team"),
}


def why_nobody(report: dict[str, Any]) -> str:
    """What to loosen, with counts, where no creator passed every filter; empty where somebody did."""
    steps = report.get("steps", [])
    if not steps or steps[-1]["kept"]:
        return ""
    if not steps[0]["kept"]:
        return _("No creators are listed yet.")
    if loosen := report.get("loosen"):
        count = loosen["would_keep"]
        left = ngettext("Without it, %d creator would be left.", "Without it, %d creators would be left.", count)
        return f"{_(loosen['text'])} {left % count}"
    before, emptied = next((first, then) for first, then in pairwise(steps) if first["kept"] and not then["kept"])
    said = ngettext(
        "%(filter)s left nobody of the last %(count)d creator, and no single filter alone would bring one back.",
        "%(filter)s left nobody of the last %(count)d creators, and no single filter alone would bring one back.",
        before["kept"],
    )
    name = _(FILTERS[emptied["name"]])
    what = said % {"filter": name[:1].upper() + name[1:], "count": before["kept"]}
    return f"{what} {_('Loosen this one and another.')}"
