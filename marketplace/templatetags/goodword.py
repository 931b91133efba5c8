"""What our templates can say: money, deadlines, tones, shares, small drawings. All pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_symbol
from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from marketplace.kit.charts import Drawing, bars, line
from marketplace.kit.money import Money

register = template.Library()

_ICONS = Path(__file__).resolve().parent.parent.parent / "templates" / "icons"

# The colour of a state's dot. A state that is not named here is neutral.
_TONES = {
    "accent": "open sent matched invited applied viewed submitted in_review requested onboarding active",
    "success": "accepted approved secured funded released paid live verified completed complete ok settled won",
    "warning": "pending pending_review awaiting_payment awaiting_funding changes_requested countered due_soon "
    "disputed paused on_hold restricted processing",
    "danger": "overdue failed rejected suspended blocked frozen lost error",
}
# What browsers and systems call themselves; the first that is found counts, so the liars come last.
_BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
_SYSTEMS = {
    "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS X": "Mac",
    "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip
TONES = {state: tone for tone, states in _TONES.items() for state in states.split()}
AVATAR_TONES = 6


@register.filter
def money(value: Any, currency: str = "") -> str:
    """“€1,240.00” from Money, from (minor, currency), or from minor units with the currency as argument."""
    if value is None or value == "":
        return "–"
    if isinstance(value, (tuple, list)):
        value, currency = value
    amount = value if isinstance(value, Money) else Money(int(value), currency)
    return amount.text((get_language() or "en").replace("-", "_")[:2])


@register.filter
def currency_sign(currency: str) -> str:
    """“€” for EUR; the code itself where there is no sign."""
    return str(get_currency_symbol(currency, (get_language() or "en").replace("-", "_")[:2]))


@register.filter
def deadline(value: date | datetime | None, verb: str = "") -> str:
    """“2 days left”, “5 hours left”, “3 days late”; with a verb: “2 days left to review”."""
    if value is None:
        return ""
    seconds = _seconds_until(value)
    span = _span(abs(seconds))
    if seconds < 0:
        return gettext("%(span)s late") % {"span": span}
    if verb:
        return gettext("%(span)s left to %(verb)s") % {"span": span, "verb": verb}
    return gettext("%(span)s left") % {"span": span}


@register.filter
def urgency(value: date | datetime | None) -> str:
    """The tone of a deadline: danger when past, warning within two days, else neutral."""
    if value is None:
        return "neutral"
    seconds = _seconds_until(value)
    if seconds < 0:
        return "danger"
    return "warning" if seconds <= 2 * 86_400 else "neutral"


@register.filter
def arrives(value: date | datetime | None) -> str:
    """“arrives about 28 Nov”, for money on its way."""
    return gettext("arrives about %(day)s") % {"day": short_day(value)} if value else ""


@register.filter
def ago(value: date | datetime | None) -> str:
    """“3 hours ago”, “yesterday's” plain cousin; beyond four weeks the day itself."""
    if value is None:
        return ""
    seconds = -_seconds_until(value)
    if seconds < 60:
        return gettext("just now")
    if seconds > 28 * 86_400:
        return short_day(value)
    return gettext("%(span)s ago") % {"span": _span(seconds)}


@register.filter
def short_day(value: date | datetime | None) -> str:
    """“28 Nov”, with the year when it is not this one."""
    if value is None:
        return ""
    day = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    return date_format(day, "j M" if day.year == timezone.localdate().year else "j M Y")


@register.filter
def moment(value: datetime | None, zone: str = "") -> str:
    """“25 Nov 2026, 02:11 CET”: an instant on the clock of whoever reads it; UTC for strangers."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(zone or "UTC"))
    return f"{date_format(local, 'j M Y, H:i')} {local.tzname()}"


@register.filter
def tone(state: Any) -> str:
    """The tone (neutral, accent, success, warning, danger) of a state's badge."""
    return TONES.get(str(getattr(state, "value", state)).lower(), "neutral")


@register.filter
def percent(share: float | None, digits: int = 1) -> str:
    """“4.1 %” from the share 0.041."""
    return "–" if share is None else f"{float(share) * 100:.{int(digits)}f} %"


@register.filter
def compact(value: float | None) -> str:
    """“4.2k”, “1.3M”; small numbers stay whole."""
    if value is None:
        return "–"
    number = float(value)
    for limit, suffix in ((1e6, "M"), (1e3, "k")):
        if abs(number) >= limit * 0.9995:
            return f"{number / limit:.1f}".removesuffix(".0") + suffix
    return f"{number:.0f}"


@register.filter
def device(user_agent: str | None) -> str:
    """“Firefox on Windows” from what a browser calls itself; its own words when we don't know them."""
    said = str(user_agent or "")
    browser = next((name for sign, name in _BROWSERS.items() if sign in said), "")
    system = next((name for sign, name in _SYSTEMS.items() if sign in said), "")
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or said[:60] or gettext("Unknown")


@register.filter
def shortened(text: str | None, letters: int) -> str:
    """The beginning of a text, with an ellipsis that never stands alone on its line."""
    said = str(text or "")
    return said if len(said) <= letters else f"{said[:letters].rstrip(' ,;:.–-' + chr(10) + chr(13))} …"


@register.filter
def initials(name: str | None) -> str:
    """“AL” from “Ana Lima”; a question mark when there is no name."""
    words = [word for word in str(name or "").replace("@", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def avatar_tone(name: str | None) -> int:
    """The same name gets the same of six colours, everywhere and always."""
    return crc32(str(name or "").encode()) % AVATAR_TONES + 1


@register.filter
def share_of(part: float | None, whole: float | None) -> int:
    """The whole per cent that ``part`` is of ``whole``, kept between 0 and 100."""
    if not part or not whole:
        return 0
    return max(0, min(100, round(100 * float(part) / float(whole))))


@register.filter
def widget_kind(field: Any) -> str:
    """How a bound field is drawn: choices, check, select, file, area or input."""
    widget = field.field.widget
    if getattr(field, "use_fieldset", False):
        return "choices"
    kinds = {"checkbox": "check", "select": "select", "file": "file"}
    kind = kinds.get(getattr(widget, "input_type", ""), "")
    return kind or ("area" if "Textarea" in type(widget).__name__ else "input")


@register.filter
def unlocalized(value: float) -> str:
    """A coordinate: always a point, whatever the language."""
    return f"{value:g}"


@register.simple_tag
def icon_shape(name: str) -> SafeString:
    """The drawing inside an icon; a name we do not have draws a dot."""
    return _shape(str(name))


@register.simple_tag
def plot(points: Iterable[tuple[str, float]] | Iterable[Mapping[str, Any]], kind: str = "line") -> Drawing:
    """The geometry of a small chart over (label, value) pairs or {label, value} rows."""
    pairs = [(row["label"], row["value"]) if isinstance(row, Mapping) else (row[0], row[1]) for row in points]
    return (bars if kind == "bars" else line)([(str(label), float(value)) for label, value in pairs])


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: Any) -> str:
    """This page's query string with some parts changed; None drops a part."""
    params = context["request"].GET.copy()
    for key, value in changes.items():
        params.pop(key, None)
        if value not in (None, ""):
            params[key] = value
    return f"?{params.urlencode()}" if params else "?"


@lru_cache(maxsize=256)
def _shape(name: str) -> SafeString:
    path = _ICONS / f"{name}.svg"
    known = name.replace("-", "").isalnum() and path.is_file()
    return mark_safe(path.read_text().strip() if known else '<circle cx="12" cy="12" r="3"/>')  # noqa: S308


def _seconds_until(value: date | datetime) -> float:
    if isinstance(value, datetime):
        return (value - timezone.now()).total_seconds()
    return (value - timezone.localdate()).days * 86_400.0


def _span(seconds: float) -> str:
    # Rounded down, but what began a moment ago is still whole: three days are three days for their first hour.
    days, hours, minutes = int((seconds + 3_599) // 86_400), int((seconds + 59) // 3_600), max(1, int(seconds // 60))
    if hours >= 48:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if hours >= 1:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
