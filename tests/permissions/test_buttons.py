"""What a page offers somebody to press is never refused to them: the buttons come from the tables, not from a guess."""

from __future__ import annotations

import re

import pytest

from tests.permissions.asking import ask
from tests.permissions.world import TEAM, World

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
REFUSED = {"403", "404", "405", "409"}
DESKS = ("/", "/campaigns/", "/offers/", "/collaborations/", "/notices/")
OF_THE_CREATOR = ("/creator/", "/opportunities/", "/offers/", "/collaborations/", "/earnings/")
THINGS = (
    "open",
    "paused",
    "draft",
    "cancelled",
    "sent",
    "countered",
    "in_production",
    "in_review",
    "live",
    "completed",
)
MINE = ("open", "invitation", "application", "sent", "countered", "in_production", "in_review", "approved", "completed")


def _pages(world: World, who: str) -> list[str]:
    names, desks = (THINGS, DESKS) if who in TEAM else (MINE, OF_THE_CREATOR)
    things = [world[name].get_absolute_url() for name in names]
    lists = [f"{world['open'].get_absolute_url()}shortlist/", world["application"].get_absolute_url()]
    lists.append(world["invitation"].get_absolute_url())
    return [*desks, *things, *(lists if who in TEAM else [])]


def _buttons(body: bytes) -> set[tuple[str, str]]:
    main = body.decode().partition("<main")[2].partition("</main>")[0]
    links = re.findall(r'<a\s+href="(/[^"#]*)"', main)
    forms = re.findall(r'<form[^>]*method="post"[^>]*action="(/[^"]*)"', main, re.S)
    return {("GET", url) for url in links} | {("POST", url) for url in forms}


@pytest.mark.parametrize("who", [*TEAM, "creator"])
def test_nobody_is_offered_what_is_refused_to_them(
    who: str, world: World, before: dict[str, str], asked: list[str]
) -> None:
    browser, offered = world.browsers[who], set()
    for page in _pages(world, who):
        got = ask(browser, "GET", page, before, asked)
        assert got.word in ("ok", "go"), (page, got.gist)
        offered |= _buttons(got.body)

    answers = {one: ask(browser, one[0], one[1], before, asked, content_type=FORM).word for one in sorted(offered)}

    assert len(offered) > 20
    assert {one: word for one, word in answers.items() if word in REFUSED} == {}
