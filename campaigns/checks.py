"""What is wrong with a brief, and what a person should look at before it opens. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from campaigns.terms import Item, day_problem, items_problem
from creators.models import DeliverableKind as Kind
from marketplace.kit.money import EXPONENTS, LARGEST_MINOR, Money

Problems = dict[str, list[str]]
Finding = dict[str, str]

# What may not be advertised here, and the words that give it away (whole words, any case).
BANNED = {
    "tobacco and vaping": ["cigarette", "cigarettes", "tobacco", "vape", "vaping", "nicotine", "tabak"],
    "weapons": ["gun", "guns", "firearm", "firearms", "ammunition", "rifle", "pistol"],
    "gambling": ["casino", "betting", "gambling", "sportsbook", "slot machine", "lootbox"],
    "adult content": ["porn", "pornographic", "escort service", "onlyfans"],
    "drugs": ["cocaine", "heroin", "lsd", "ecstasy", "weed shop", "cannabis"],
    "miracle health claims": ["miracle cure", "cures cancer", "lose 10 kg", "detox pills", "weight loss pills"],
    "risky finance": ["forex signals", "guaranteed returns", "get rich quick", "payday loan", "crypto presale"],
}
HIDING = ["no disclosure", "don't disclose", "do not disclose", "hide that", "without #ad", "don't say it's an ad"]
LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|net|org|io|ru|cn|xyz|top|shop|info|biz)\b/?\S*", re.I)
# The least that is fair for one item of each kind, in euros, by the hours it takes.
FLOOR = {
    Kind.POST: 25, Kind.REEL: 40, Kind.STORY: 10, Kind.VIDEO: 100, Kind.ARTICLE: 60, Kind.NEWSLETTER: 30,
    Kind.UGC: 40, Kind.REPLIES: 20, Kind.LIVE_QA: 50,
}  # fmt: skip
# Roughly how much of a currency one euro is; only the floor uses it. What is absent counts as one.
PER_EURO = {
    "JPY": 160, "KRW": 1450, "HUF": 400, "CZK": 25, "SEK": 11, "NOK": 11.5, "DKK": 7.5, "PLN": 4.3, "ISK": 150,
    "RON": 5, "KWD": 0.33, "BHD": 0.41, "AUD": 1.6, "CAD": 1.5, "NZD": 1.75, "SGD": 1.45,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief as the checks read it."""

    texts: Mapping[str, str]
    items: Sequence[Item]
    budget: Money
    platform_fee: Money
    creators_wanted: int
    starts_on: date | None
    ends_on: date | None
    has_niche: bool
    has_place: bool


def budget_problems(budget_minor: int, currency: str) -> Problems:
    """Budgets of nothing, of more than we handle, or in a currency we do not know."""
    found: Problems = {}
    if currency not in EXPONENTS:
        found["currency"] = [f"We don't handle the currency “{currency[:8]}”."]
    if budget_minor <= 0:
        found["budget"] = ["The budget must be more than nothing."]
    elif budget_minor > LARGEST_MINOR:
        found["budget"] = ["That budget is larger than we handle."]
    return found


def date_problems(starts_on: date | None, ends_on: date | None, *, today: date) -> Problems:
    """Dates in the past, further ahead than anybody plans, or the wrong way round."""
    found: Problems = {}
    if ends_on is not None and (wrong := day_problem(ends_on, today=today)):
        found["ends_on"] = [wrong]
    elif starts_on is not None and ends_on is not None and ends_on < starts_on:
        found["ends_on"] = ["The campaign must end after it starts."]
    # One that runs already started in the past.
    if starts_on is not None and ends_on is None and (wrong := day_problem(starts_on, today=today)):
        found["starts_on"] = [wrong]
    return found


def missing(brief: Brief, *, today: date) -> Problems:
    """What must be filled in or mended before a brief can be posted, by field."""
    found = date_problems(brief.starts_on, brief.ends_on, today=today)
    if not brief.texts.get("message", "").strip():
        found["message"] = ["Say what people should remember."]
    if not brief.texts.get("product", "").strip():
        found["product"] = ["Say what the creator will show or talk about."]
    if not brief.has_niche:
        found["niches"] = ["Choose at least one niche."]
    if not brief.has_place:
        found["country"] = ["Choose a country, or a town."]
    if brief.ends_on is None:
        found.setdefault("ends_on", ["Say when the campaign ends."])
    if wrong := items_problem(brief.items):
        found["deliverables"] = [wrong]
    return found


def findings(brief: Brief) -> list[Finding]:
    """What an admin should look at before this opens; empty means it may open at once."""
    found = text_findings(brief.texts)
    floor = pay_floor(brief.items, brief.budget.currency)
    each = (brief.budget.minor - brief.platform_fee.minor) // max(brief.creators_wanted, 1)
    if each < floor.minor:
        per_creator = Money(max(each, 0), brief.budget.currency)
        found.append(
            _finding("pay_floor", "budget", f"{per_creator} for each creator is below the fair floor of {floor}.")
        )
    return found


def text_findings(texts: Mapping[str, str]) -> list[Finding]:
    """Banned subjects, hidden advertising and links in what people wrote."""
    found: list[Finding] = []
    for name, text in texts.items():
        for subject, words in BANNED.items():
            if word := _first_word(text, words):
                found.append(_finding("banned", name, f"“{word}” may be about {subject}, which is not allowed here."))
        if word := _first_word(text, HIDING):
            found.append(_finding("hidden_ad", name, f"“{word}”: advertising must always be marked."))
        if link := LINK.search(text):
            found.append(_finding("link", name, f"The link “{link.group()[:60]}” must be looked at first."))
    return found


def pay_floor(items: Iterable[Item], currency: str) -> Money:
    """The least that is fair for these items together."""
    euros = sum(FLOOR[Kind(item["kind"])] * item["count"] for item in items if item["kind"] in Kind.values)
    return Money(int(euros * PER_EURO.get(currency, 1) * 10 ** EXPONENTS[currency]), currency)


def _first_word(text: str, words: Iterable[str]) -> str:
    low = text.casefold().replace("’", "'")
    return next((word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", low)), "")


def _finding(code: str, name: str, text: str) -> Finding:
    return {"code": code, "field": name, "text": text}
