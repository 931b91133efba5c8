"""A real Chromium. The tests of this folder look at pages as a person would."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from marketplace.kit import later
from tests.browser.world import live_in
from tests.permissions.world import World, build_world

# Playwright keeps an event loop in this thread; the ORM calls of a test beside it are meant.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

Open = Callable[..., Page]
QUIET_SITE = {
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}},
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    "ACCOUNT_REAUTHENTICATION_TIMEOUT": 3600,
}


@pytest.fixture
def open_page(chromium: Browser, live_server: object, db: None) -> Iterator[Open]:
    """Opens a window: open_page("/discover/", width=360, scheme="dark", script=False)."""
    contexts = []

    def opened(
        path: str, *, width: int = 1280, scheme: str = "light", script: bool = True, motion: str = "reduce"
    ) -> Page:
        context = chromium.new_context(
            base_url=str(live_server),
            viewport={"width": width, "height": 800},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=script,
            has_touch=width < 500,
            reduced_motion=motion,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Everybody and everything of the permission matrix, lived in a little, committed for a whole file."""
    media = tmp_path_factory.mktemp("media")
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(MEDIA_ROOT=media, **QUIET_SITE),
        django_db_blocker.unblock(),
    ):
        patch.setattr(later, "_ring", lambda task, kwargs: None)
        assert "test" in connection.settings_dict["NAME"], "Tests that use this world need the mark django_db."
        call_command("flush", verbosity=0, interactive=False)  # a run that was killed may have left its world behind
        try:
            yield live_in(build_world())
        finally:
            call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def site(world: World) -> Iterator[str]:
    """The address of a server that shows this world."""
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()
