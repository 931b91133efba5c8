"""As an operator runs it: with the settings of a server, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from marketplace.launch.checks import environment

SECRETS = ("canary-word", "gw_canary-key", "sk_live_canary", "whsec_canary", "canary@example.org")
PROGRAM = """
import json, logging, sys
import django
django.setup()
import structlog
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

log = structlog.get_logger("goodword")
log.info("it came", password="canary-word", request={"headers": {"Authorization": "canary-word"}})
log.info("asked with gw_canary-key", people=["canary@example.org"])
logging.getLogger("library").warning("key %s of %s", "sk_live_canary", "canary@example.org")
try:
    raise ValueError("whsec_canary is wrong")
except ValueError:
    log.exception("it broke", known="still readable")

client = Client(headers={"host": "goodword.example"})
page = client.get("/accounts/login/", secure=True)
plain = client.get("/accounts/login/")
print(json.dumps({
    "status": page.status_code,
    "headers": dict(page.headers),
    "cookies": {name: morsel.OutputString() for name, morsel in page.cookies.items()},
    "plain": [plain.status_code, plain.headers["Location"]],
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_DOMAIN],
    "alive": client.get("/healthz").status_code,
    "password": make_password("correct horse battery"),
}))
"""


def on_a_server(program: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """Run a program with a server's environment, in which some things are different or missing."""
    wanted = environment("deployment") | {"GOODWORD_LOCAL": "1"} | changes  # static files without a build step
    wanted["GOODWORD_DATA"] = os.environ.get("GOODWORD_DATA", "")
    found = {name: value for name, value in wanted.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=settings.BASE_DIR,
        env=found,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def server() -> subprocess.CompletedProcess[str]:
    done = on_a_server(PROGRAM)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture
def answer(server: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(server.stdout.splitlines()[-1])
    return found


def test_cookies_are_bound_to_this_host_and_to_https(answer: dict[str, Any]) -> None:
    cookie = answer["cookies"]["__Host-csrftoken"]

    assert answer["status"] == 200
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert answer["session"] == ["__Host-sessionid", True, None]


def test_browsers_are_told_to_stay_with_https(answer: dict[str, Any]) -> None:
    assert answer["headers"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert answer["plain"] == [301, "https://goodword.example/accounts/login/"]
    assert answer["alive"] == 200  # probes come without https, from inside


def test_passwords_are_kept_with_argon2(answer: dict[str, Any]) -> None:
    assert answer["password"].startswith("argon2$argon2id$")


def test_no_secret_and_no_address_reaches_the_log(server: subprocess.CompletedProcess[str]) -> None:
    lines = [json.loads(line) for line in server.stderr.splitlines() if line.startswith("{")]

    assert [line["event"] for line in lines[:2]] == ["it came", "asked with [hidden]"]
    assert lines[3]["known"] == "still readable"
    assert "ValueError" in lines[3]["exception"]
    assert [secret for secret in SECRETS if secret in server.stderr] == []


@pytest.mark.parametrize("key", [None, settings.DEMO_SECRET_KEY])
def test_without_a_key_of_its_own_it_does_not_start(key: str | None) -> None:
    refused = on_a_server("import marketplace.settings", SECRET_KEY=key)

    assert refused.returncode != 0
    assert "Set SECRET_KEY" in refused.stderr


def test_the_check_of_deployments_looks_at_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODWORD_HTTPS", "0")

    assert environment("deployment")["DJANGO_DEBUG"] == "0"
    assert "GOODWORD_HTTPS" not in environment("deployment")
    assert environment("types")["DJANGO_DEBUG"] == "1"
