"""What the automatic check finds in a brief, and what must be mended first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from campaigns import checks, goals
from campaigns.checks import Brief
from campaigns.models import Goal
from campaigns.terms import Item, items_problem
from marketplace.kit.money import Money
from payments.fees import platform_fee

TODAY = date(2026, 6, 1)
REEL = Item(kind="reel", network="instagram", count=1, detail="")


def brief(**extra: Any) -> Brief:
    budget = Money(extra.pop("budget", 60_000), extra.pop("currency", "EUR"))
    values: dict[str, Any] = {
        "texts": {"message": "Patience", "product": "Bread", "title": "Sourdough"},
        "items": [REEL],
        "budget": budget,
        "platform_fee": platform_fee(budget),
        "creators_wanted": 2,
        "starts_on": TODAY,
        "ends_on": TODAY + timedelta(days=20),
        "has_niche": True,
        "has_place": True,
    }
    return Brief(**{**values, **extra})


def test_a_clean_brief_has_nothing_to_find() -> None:
    assert checks.findings(brief()) == []
    assert checks.missing(brief(), today=TODAY) == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Try our new vape", "banned"),
        ("The best CASINO in town", "banned"),
        ("A miracle cure for all", "banned"),
        ("Please don’t disclose this", "hidden_ad"),
        ("see https://bit.ly/x", "link"),
        ("see cheap-bread.shop today", "link"),
    ],
)
def test_a_person_looks_at_what_may_be_wrong(text: str, code: str) -> None:
    found = checks.findings(brief(texts={"message": text}))

    assert [(finding["code"], finding["field"]) for finding in found] == [(code, "message")]


@pytest.mark.parametrize("text", ["Begun in 1990", "Weapons-grade crust? No: tobacconist street 4", "e.g. rye, 3.5 kg"])
def test_innocent_words_are_not_found(text: str) -> None:
    assert checks.findings(brief(texts={"message": text})) == []


@pytest.mark.parametrize(("budget", "found"), [(8_800, False), (8_700, True), (100, True)])
def test_pay_below_the_floor_is_found(budget: int, found: bool) -> None:
    assert bool(checks.findings(brief(budget=budget))) is found


def test_the_floor_knows_other_currencies() -> None:
    assert checks.pay_floor([REEL], "EUR") == Money(4_000, "EUR")
    assert checks.pay_floor([REEL], "JPY") == Money(6_400, "JPY")
    assert checks.pay_floor([REEL], "KWD") == Money(13_200, "KWD")


@pytest.mark.parametrize(
    ("extra", "field"),
    [
        ({"texts": {"product": "Bread", "message": " "}}, "message"),
        ({"texts": {"product": "", "message": "x"}}, "product"),
        ({"has_niche": False}, "niches"),
        ({"has_place": False}, "country"),
        ({"ends_on": None}, "ends_on"),
        ({"ends_on": TODAY - timedelta(days=1), "starts_on": None}, "ends_on"),
        ({"ends_on": date.max}, "ends_on"),
        ({"ends_on": TODAY + timedelta(days=731)}, "ends_on"),
        ({"items": []}, "deliverables"),
    ],
)
def test_what_is_missing_is_named_by_field(extra: dict[str, Any], field: str) -> None:
    assert list(checks.missing(brief(**extra), today=TODAY)) == [field]


def test_two_years_ahead_is_as_far_as_a_plan_goes() -> None:
    last = TODAY + timedelta(days=730)

    assert checks.date_problems(last, last, today=TODAY) == {}
    assert list(checks.date_problems(last + timedelta(days=1), None, today=TODAY)) == ["starts_on"]


@pytest.mark.parametrize(
    ("minor", "currency", "fields"),
    [
        (0, "EUR", ["budget"]),
        (-1, "EUR", ["budget"]),
        (10**15, "EUR", ["budget"]),
        (10**15, "XXX", ["currency", "budget"]),
        (1, "EUR", []),
        (99_999_999, "EUR", []),
    ],
)
def test_budgets_at_the_edges(minor: int, currency: str, fields: list[str]) -> None:
    assert list(checks.budget_problems(minor, currency)) == fields


@pytest.mark.parametrize(
    "item",
    [
        Item(kind="song", network="", count=1, detail=""),
        Item(kind="reel", network="myspace", count=1, detail=""),
        Item(kind="reel", network="", count=0, detail=""),
        Item(kind="reel", network="", count=51, detail=""),
        Item(kind="reel", network="", count=1, detail="x" * 301),
    ],
)
def test_items_that_cannot_be_agreed(item: Item) -> None:
    assert items_problem([item])


@pytest.mark.parametrize("goal", Goal.values)
def test_every_goal_has_a_template_that_can_be_posted(goal: str) -> None:
    template = goals.templates_for(goal)

    assert items_problem(template["deliverables"]) == ""
    assert checks.text_findings({name: template[name] for name in ("title", "message", "dos", "donts")}) == []
