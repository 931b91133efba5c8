"""Every page in a real browser: no barrier, a silent console, nothing wider than its place, not too heavy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Response

from campaigns.models import Activity
from tests.browser.looking import overflows, weight
from tests.browser.pages_table import EXCLUDED, LOOKS
from tests.browser.people import Person, faults
from tests.permissions.rows import walk
from tests.permissions.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

HEAVIEST = 60 * 1024
# The API's own documentation is drawn by Swagger UI, which is three megabytes and not ours.
NOT_OURS = ("api_docs",)
DATA_ONLY = "api/v1/"


@dataclass(frozen=True)
class Look:
    """One page and the person who opens it."""

    route: str
    person: str
    things: tuple[str, ...] = ()
    query: str = ""

    def __str__(self) -> str:
        return "-".join([self.person, self.route, *self.things, self.query.strip("?")]).strip("-")

    def path(self, world: World) -> str:
        """The address; the admin names a row by its number."""
        by_number = ":" in self.route
        args = [world[name].pk if by_number and name in world.things else world.id_of(name) for name in self.things]
        return reverse(self.route, args=args) + self.query


def read_looks() -> list[Look]:
    """The lines of the table."""
    looks = []
    for line in LOOKS.split("\n"):
        if cells := line.split():
            query = cells[2] if len(cells) > 2 and cells[2].startswith("?") else ""
            things = tuple(cells[2].split("/")) if len(cells) > 2 and not query else ()
            looks.append(Look(cells[0], cells[1], things, query))
    return looks


LOOKED_AT = read_looks()


@pytest.fixture(scope="module")
def window_of(world: World, site: str, chromium: Browser) -> Iterator[Callable[[str], Person]]:
    """The window of a person of this world, who has stayed logged in."""
    opened: dict[str, Person] = {}

    def found(name: str) -> Person:
        if name not in opened:
            opened[name] = Person(chromium, site).become(world.browsers[name])
        return opened[name].start_anew()

    yield found
    for person in opened.values():
        person.context.close()


def arrive(person: Person, path: str) -> Response:
    answer = person.open(path)
    assert answer is not None
    assert (answer.status, person.page.url.removeprefix(person.site)) == (200, path)
    return answer


@pytest.mark.parametrize("look", [look for look in LOOKED_AT if ":" not in look.route], ids=str)
def test_a_page_is_right(look: Look, world: World, window_of: Callable[[str], Person]) -> None:
    person = window_of(look.person)
    answer = arrive(person, look.path(world))

    if look.route in NOT_OURS:
        assert person.said == []
        return
    wrong = faults(person)
    assert not wrong, "\n".join(wrong)
    assert weight(person.page, answer.body()) <= HEAVIEST


@pytest.mark.parametrize("look", [look for look in LOOKED_AT if ":" in look.route], ids=str)
def test_a_page_of_the_admin_opens(look: Look, world: World, window_of: Callable[[str], Person]) -> None:
    person = window_of(look.person)
    arrive(person, look.path(world))

    assert person.said == []


def test_an_admin_decides_with_a_reason_and_finds_it_in_the_timeline(
    world: World, site: str, chromium: Browser
) -> None:
    work = world["late"]
    with Person(chromium, site) as person:
        person.become(world.browsers["admin"])
        person.open(reverse("admin:campaigns_collaboration_change", args=[work.pk]))
        with person.page.expect_navigation():
            person.page.get_by_role("link", name="Put on hold").click()
        person.page.fill("[name=reason]", "Both sides asked us to look.")
        with person.page.expect_navigation():
            person.page.get_by_role("button", name="Put on hold").click()

        assert "Both sides asked us to look." in person.page.inner_text("#content")
        assert person.said == []
    assert Activity.objects.filter(campaign=work.offer.campaign, verb="put_on_hold", role="admin").count() == 1


def test_every_page_of_the_urlconf_is_looked_at() -> None:
    looked_at = {look.route for look in LOOKED_AT} | set(EXCLUDED)
    pages = {route.name for route in walk() if not route.pattern.startswith(("admin/", DATA_ONLY))}

    assert pages - looked_at == set()
    assert {name for name in looked_at if ":" not in name} - pages == set()
    assert {look.route for look in LOOKED_AT} & set(EXCLUDED) == set()


@pytest.mark.parametrize(
    ("spoiled", "found"),
    [
        ("<p style='width: 2000px'>wide</p>", "wider"),
        ("<img src='data:,'>", "image-alt"),
        ("<div style='width: 40px; overflow: visible'><p style='width: 90px'>x</p></div>", "wider"),
    ],
)
def test_the_look_sees_what_is_wrong(spoiled: str, found: str, chromium: Browser) -> None:
    with Person(chromium, "http://127.0.0.1") as person:
        page: Page = person.page
        page.set_content(f"<!doctype html><html lang=en><title>t</title><main><h1>t</h1>{spoiled}</main>")

        assert overflows(page) if found == "wider" else any(found in line for line in faults(person))
