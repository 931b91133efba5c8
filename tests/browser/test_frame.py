"""The frame round every page, seen in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.looking import barriers, overflows, weight

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]
PAGES = ["/", "/styleguide/", "/how-fees-work/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (768, "dark"), (360, "light"), (360, "dark")])
def test_the_public_pages_have_no_barriers_and_fit(open_page: Open, width: int, scheme: str) -> None:
    said: list[str] = []
    page = open_page("about:blank", width=width, scheme=scheme)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    for path in PAGES:
        page.goto(path)
        assert (path, barriers(page), overflows(page), said) == (path, [], [], [])


def test_a_page_is_light(open_page: Open) -> None:
    page = open_page("about:blank")

    for path in ("/", "/styleguide/", "/accounts/login/"):
        answer = page.goto(path)
        assert answer is not None
        assert weight(page, answer.body()) <= 60 * 1024


def test_the_first_tab_leads_to_the_content(open_page: Open) -> None:
    page = open_page("/")

    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.className")
    page.keyboard.press("Enter")

    assert skip == "skip"
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_theme_changes_at_once_and_stays(open_page: Open) -> None:
    page = open_page("/", scheme="light")

    page.click("[data-theme-switch] button")
    at_once = page.get_attribute("html", "data-theme")
    page.reload()

    assert at_once == "dark"
    assert page.get_attribute("html", "data-theme") == "dark"


def test_the_theme_changes_without_javascript(open_page: Open) -> None:
    page = open_page("/how-fees-work/", script=False)

    page.click("[data-theme-switch] button")

    assert page.url.endswith("/how-fees-work/")
    assert page.get_attribute("html", "data-theme") == "dark"


def test_escape_closes_the_menu_and_gives_the_focus_back(open_page: Open) -> None:
    page = open_page("/", width=360)

    page.click(".menu summary")
    opened = page.is_visible(".menu .sheet")
    page.keyboard.press("Escape")

    assert opened
    assert not page.is_visible(".menu .sheet")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_dialog_opens_with_and_without_javascript(open_page: Open) -> None:
    for script in (True, False):
        page = open_page("/styleguide/", script=script)

        page.click("[popovertarget=sample-dialog] >> nth=0")

        assert page.is_visible("#sample-dialog")


def test_mistakes_are_gathered_announced_and_lead_to_their_fields(open_page: Open) -> None:
    page = open_page("/accounts/login/")

    page.click("main .button.primary")

    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    page.click("[data-form-errors] a >> nth=0")
    assert page.evaluate("document.activeElement.name") == "login"


def test_a_box_for_sentences_has_room_for_them(open_page: Open) -> None:
    page = open_page("/styleguide/")

    height = page.evaluate("document.querySelector('textarea').getBoundingClientRect().height")

    assert height >= 96


def test_a_lost_visitor_is_told_what_to_do(open_page: Open) -> None:
    page = open_page("/nothing-here/")

    assert page.is_visible("h1")
    assert page.is_visible("main a.button.primary")
    assert barriers(page) == []
