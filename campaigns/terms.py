"""The terms of an offer as plain values: what is malformed, what changed, how a contract reads. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from campaigns.ladder import lines
from creators.models import DeliverableKind, Network
from marketplace.kit.money import LARGEST_MINOR, Money

if TYPE_CHECKING:
    from campaigns.models import Campaign, Terms

MOST_ITEMS = 20
MOST_OF_ONE = 50
LONGEST_USAGE = 3650
LONGEST_AHEAD = timedelta(days=730)
BRIEF = ("title", "product", "message", "dos", "donts")
Problems = dict[str, list[str]]


class Item(TypedDict):
    """One agreed piece of work."""

    kind: str
    network: str
    count: int
    detail: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Terms somebody wants to put on the table."""

    fee: Money
    deliverables: Sequence[Item]
    due_on: date
    publish_on: date | None = None
    usage_days: int = 0
    usage_paid_ads: bool = False
    product: str = ""
    disclosure: str = "#ad"
    note: str = ""

    def problems(self, *, today: date) -> Problems:
        """What cannot be offered like this, by field; empty when all is well."""
        found: Problems = {}
        if not 0 < self.fee.minor <= LARGEST_MINOR:
            found["fee"] = ["The fee must be more than nothing, and an amount we can handle."]
        if not 0 <= self.usage_days <= LONGEST_USAGE:
            found["usage_days"] = [f"Between 0 and {LONGEST_USAGE} days."]
        if not self.disclosure.strip():
            found["disclosure"] = ["Say how the work is marked as advertising."]
        if wrong := items_problem(self.deliverables):
            found["deliverables"] = [wrong]
        return found | self._day_problems(today)

    def _day_problems(self, today: date) -> Problems:
        found: Problems = {}
        if wrong := day_problem(self.due_on, today=today):
            found["due_on"] = [wrong]
        if self.publish_on is not None and self.publish_on < self.due_on:
            found["publish_on"] = ["The work is published after it was handed in, not before."]
        elif self.publish_on is not None and (wrong := day_problem(self.publish_on, today=today)):
            found["publish_on"] = [wrong]
        return found

    def columns(self, *, brief: Mapping[str, str]) -> dict[str, Any]:
        """The same as the columns of a Terms row, with the brief they are for."""
        return {
            "brief": dict(brief),
            "fee_minor": self.fee.minor,
            "currency": self.fee.currency,
            "deliverables": [dict(item) for item in self.deliverables],
            "due_on": self.due_on,
            "publish_on": self.publish_on,
            "usage_days": self.usage_days,
            "usage_paid_ads": self.usage_paid_ads,
            "product": self.product.strip(),
            "disclosure": self.disclosure.strip(),
            "note": self.note.strip(),
        }


def day_problem(day: date, *, today: date) -> str:
    """Why nothing can be planned for this day, or nothing. Two years ahead is the end of what anybody plans here."""
    if day < today:
        return "This day has passed."
    if day > today + LONGEST_AHEAD:
        return "Choose a day within the next two years."
    return ""


def brief_of(campaign: Campaign) -> dict[str, str]:
    """The words of the brief that are signed with the terms: what to show, say, do and leave."""
    return {name: getattr(campaign, name) for name in BRIEF}


def items_problem(items: Sequence[Item]) -> str:
    """Why these items cannot be agreed, or nothing."""
    if not 1 <= len(items) <= MOST_ITEMS:
        return f"Name between one and {MOST_ITEMS} items of work."
    for item in items:
        if item["kind"] not in DeliverableKind.values:
            return "One item is of a kind we do not know."
        if item["network"] and item["network"] not in Network.values:
            return "One item names a network we do not know."
        if not 1 <= item["count"] <= MOST_OF_ONE:
            return f"Ask for between 1 and {MOST_OF_ONE} of one item."
        if len(item["detail"]) > 300:
            return "Keep the details of one item under 300 characters."
    return ""


class Difference(NamedTuple):
    """One line that is not the same in two versions."""

    label: str
    before: str
    after: str


def differences(before: Terms, after: Terms) -> list[Difference]:
    """What changed between two versions, line by line, for people to read."""
    old, new = dict(_lines(before)), dict(_lines(after))
    labels = list(dict.fromkeys([*old, *new]))
    return [
        Difference(label, old.get(label, "—"), new.get(label, "—"))
        for label in labels
        if old.get(label) != new.get(label)
    ]


def _lines(terms: Terms) -> Iterable[tuple[str, str]]:
    yield "Fee", str(terms.fee)
    for number, item in enumerate(terms.deliverables, start=1):
        yield f"Item {number}", item_text(item)
    yield "Work is handed in by", terms.due_on.isoformat()
    yield "Published on", terms.publish_on.isoformat() if terms.publish_on else "Not published: content only"
    yield "Usage rights", usage_text(terms.usage_days, paid_ads=terms.usage_paid_ads)
    yield "Product", terms.product or "None"
    yield "Disclosure", terms.disclosure
    brief = terms.brief
    yield "The brief: what it is about", brief.get("product") or "None"
    yield "The brief: what people should remember", brief.get("message") or "None"
    yield "The brief: please do", brief.get("dos") or "None"
    yield "The brief: please don't", brief.get("donts") or "None"


def item_text(item: Mapping[str, Any]) -> str:
    """“2 × Reel or short video on Instagram: show the oven”."""
    where = f" on {Network(item['network']).label}" if item.get("network") else ""
    detail = f": {item['detail']}" if item.get("detail") else ""
    return f"{item['count']} × {DeliverableKind(item['kind']).label}{where}{detail}"


def usage_text(days: int, *, paid_ads: bool) -> str:
    """The business's right to use the content, in words."""
    if days == 0:
        return "None"
    return f"{days} days, {'paid advertising included' if paid_ads else 'own channels only'}"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who put which name to a contract, and when."""

    name: str
    typed: str
    at: str


@dataclass(frozen=True, slots=True)
class Parties:
    """Both sides of a contract as they are called in it."""

    business: str
    business_id: str
    creator: str
    creator_id: str
    signatures: Mapping[str, Signature] = field(default_factory=dict)


def contract_of(terms: Terms, *, parties: Parties, platform_fee: Money, ladder: Mapping[str, Any]) -> dict[str, Any]:
    """The frozen text of an accepted offer. The brief in it is the one this version was made for."""
    return {
        "format": 2,
        "parties": {
            "business": {"name": parties.business, "id": parties.business_id},
            "creator": {"name": parties.creator, "id": parties.creator_id},
        },
        "brief": {name: terms.brief.get(name, "") for name in BRIEF},
        "terms": {
            "version": terms.number,
            "fee": {"minor": terms.fee_minor, "currency": terms.currency, "text": str(terms.fee)},
            "platform_fee": {"minor": platform_fee.minor, "currency": platform_fee.currency, "text": str(platform_fee)},
            "deliverables": [dict(item) for item in terms.deliverables],
            "due_on": terms.due_on.isoformat(),
            "publish_on": terms.publish_on.isoformat() if terms.publish_on else None,
            "usage": usage_text(terms.usage_days, paid_ads=terms.usage_paid_ads),
            "usage_days": terms.usage_days,
            "usage_paid_ads": terms.usage_paid_ads,
            "product": terms.product,
            "disclosure": terms.disclosure,
            "note": terms.note,
        },
        "kill_fee": dict(ladder),
        "if_cancelled": lines(ladder),
        "signatures": {side: {"name": s.name, "typed": s.typed, "at": s.at} for side, s in parties.signatures.items()},
    }


def contract_items(contract: Mapping[str, Any]) -> list[str]:
    """The lines of a contract that a review may name as not met."""
    terms = contract["terms"]
    lines = [item_text(item) for item in terms["deliverables"]]
    lines.append(f"Disclosure: {terms['disclosure']}")
    if terms["product"]:
        lines.append(f"Product: {terms['product']}")
    for rule, label in (("dos", "Do"), ("donts", "Don't")):
        lines += [f"{label}: {line.strip()}"[:300] for line in contract["brief"][rule].splitlines() if line.strip()]
    if terms["note"]:
        lines.append(f"Note: {terms['note']}"[:300])
    return lines


def fingerprint(contract: Mapping[str, Any]) -> str:
    """The SHA-256 of a contract; the same contract always has the same one."""
    text = json.dumps(contract, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def same_name(typed: str, name: str) -> bool:
    """A typed signature is the person's name, whatever the capitals and spaces."""
    return bool(name.split()) and typed.casefold().split() == name.casefold().split()
