"""One Chromium for each process of the suite: Playwright cannot be started twice in one thread."""

import os
from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from marketplace.launch.suite import INSTALL
from marketplace.launch.suite import chromium as find_chromium

# Playwright keeps an event loop in this thread; the ORM calls of a test beside it are meant.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

QUIET_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if os.environ.get("GOODWORD_SKIP_BROWSER") == "1":
        pytest.skip("GOODWORD_SKIP_BROWSER=1 leaves the browser tests out")
    path = find_chromium()
    assert path, f"No Chromium here. Run: {' '.join(INSTALL)}, or leave these tests out with GOODWORD_SKIP_BROWSER=1."
    # Django keeps other connections while an event loop runs in the thread: those of before and after are closed,
    # so that none is left behind with a lock, or in the way when the database is dropped.
    connections.close_all()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET_CHROMIUM)
        yield browser
        browser.close()
        connections.close_all()
