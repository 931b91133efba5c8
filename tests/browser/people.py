"""Somebody in front of a browser: opens pages, fills in forms, presses buttons, and looks at every page that comes."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.test import RequestFactory
from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.browser.looking import overflows, violations, whole

WIDTHS = (360, 768, 1280)
SCHEMES = ("light", "dark")
HEIGHT = 900


class Person:
    """One window of one person, at one width and in one colour scheme."""

    def __init__(
        self, browser: Browser, site: str, *, width: int = 1280, scheme: str = "light", script: bool = True
    ) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": HEIGHT},
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        self.context.set_default_timeout(20_000)
        self.site = site
        self.width, self.scheme = width, scheme
        self.page: Page = self.context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self._hear("error", str(error)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.context.close()

    def become(self, browser: RequestFactory) -> Self:
        """As if this person had logged in here before; a browser without cookies is a stranger."""
        cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
        self.context.add_cookies([{"name": name, "value": value, "url": self.site} for name, value in cookies.items()])
        return self

    def start_anew(self) -> Self:
        """Leave the page for another one, as if the window had just been opened; its files are loaded already."""
        self.page.goto("about:blank")
        self.page.set_viewport_size({"width": self.width, "height": HEIGHT})
        self.page.emulate_media(color_scheme=self.scheme)  # type: ignore[arg-type]
        self.said.clear()
        return self

    def open(self, path: str) -> Response | None:
        return self.page.goto(path)

    def fill(self, **fields: object) -> Self:
        """Fill in fields by name: text, a choice, or a tick."""
        for name, value in fields.items():
            self._fill(name, value)
        return self

    def press(self, label: str) -> Self:
        """Press the button or link with these words in the main part of the page, and arrive somewhere."""
        words = self.page.locator("main").locator("button:visible, a.button:visible, summary:visible")
        with self.page.expect_navigation():
            words.filter(has_text=label).first.click()
        return self

    def text(self) -> str:
        return self.page.inner_text("main")

    def until(self, look: Callable[[], bool], *, tries: int = 100) -> None:
        """Look again until it is there: the worker takes its own time."""
        for _ in range(tries):
            if look():
                return
            self.page.wait_for_timeout(200)
            self.page.reload()
        raise AssertionError(f"never came: {self.page.url}\n{self.text()[:1500]}")

    def _fill(self, name: str, value: object) -> None:
        field = self.page.locator(f"main [name='{name}']")
        kind = field.first.evaluate("field => field.type || field.tagName")
        if kind in ("checkbox", "radio"):
            field.locator(f"xpath=self::*[@value='{value}']").check() if isinstance(value, str) else field.check()
        elif kind.startswith("select"):
            field.select_option(str(value))
        else:
            field.fill(str(value))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.said.append(f"{kind} on {self.page.url}: {text}")


def faults(person: Person, *, axe_at: tuple[int, ...] = (1280, 360), schemes: tuple[str, ...] = SCHEMES) -> list[str]:
    """What is wrong with the page a person sees, at three widths and in light and dark: empty when all is well."""
    page, found = person.page, []
    page.evaluate("document.fonts.load('600 16px Inter').then(() => true)")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [f"{width} px: {line}" for line in overflows(page)]
        if width in axe_at:
            found += _barriers(page, width, schemes)
    page.set_viewport_size({"width": person.width, "height": HEIGHT})
    said, person.said[:] = list(person.said), []
    return list(dict.fromkeys(found)) + said


def _barriers(page: Page, width: int, schemes: tuple[str, ...]) -> list[str]:
    found = []
    with whole(page):
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found += [f"{scheme}, {width} px: {line}" for line in violations(page)]
    return found
