"""Pictures of a running site, for people to look at: ``python -m tests.browser.shots DIR --url http://127.0.0.1:8000``.

Logs in with the demo's people and takes each of their pages in light and dark, on a phone and on a desk.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from marketplace.launch.suite import chromium

PASSWORD = "goodword-demo"
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (360, 1280)]
ANONYMOUS = ["/", "/discover/", "/how-fees-work/", "/accounts/login/", "/accounts/signup/"]
# What stands in angle brackets is followed from the page before it: the first link of that kind.
BUSINESS = ["/", "/campaigns/", "<campaigns>", "<campaigns>shortlist/", "/offers/", "<offers>", "/collaborations/"]
BUSINESS += ["<collaborations>", "<collaborations>contract/", "/campaigns/new/", "/campaigns/new/?goal=launch"]
CREATOR = ["/creator/", "/opportunities/", "<campaigns>", "/offers/", "<offers>", "/collaborations/"]
CREATOR += ["<collaborations>", "/earnings/", "/me/profile/", "/me/profile/rates/", "/notices/"]
ADMIN = ["/admin/"]
PEOPLE = {
    "": ANONYMOUS,
    "marlene.kupferschmied@example.org": BUSINESS,
    "rosalie.drossel@example.org": CREATOR,
    "odile.fenwick@example.org": ADMIN,
}


def log_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("main form button.primary")


def follow(page: Page, path: str, found: dict[str, str]) -> str:
    """The address behind a placeholder: the first thing of that kind this person has seen a link to."""
    for kind in ("campaigns", "offers", "collaborations"):
        hits = re.findall(rf'href="(/{kind}/[0-9a-z]{{14}}/)"', page.content())
        found |= {kind: hits[0]} if hits else {}
    return re.sub(r"<(\w+)>", lambda match: found.get(match[1], "/"), path)


def take(browser: Browser, site: str, folder: Path, email: str) -> None:
    """All pictures of one person."""
    context = browser.new_context(base_url=site, reduced_motion="reduce")
    page, found = context.new_page(), dict[str, str]()
    if email:
        log_in(page, email)
    for number, path in enumerate(PEOPLE[email]):
        page.goto(follow(page, path, found))
        words = "-".join(re.findall(r"[a-z]+", path)) or "home"
        for scheme, width in LOOKS:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 900})
            who = email.partition(".")[0] or "anonymous"
            page.screenshot(path=folder / f"{who}-{number:02}-{words}-{scheme}-{width}.png", full_page=True)
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium() or None, args=["--no-sandbox"])
        for email in PEOPLE:
            take(browser, wanted.url, wanted.folder, email)
        browser.close()


if __name__ == "__main__":
    main()
