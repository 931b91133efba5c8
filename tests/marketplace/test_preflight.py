"""A server that would move no money, or that anybody could sign for, says so before it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from django.core.checks import run_checks

from marketplace.kit.operator import Operator
from marketplace.launch.places import REPO

NOBODY = Operator(name="", address=(), country="", vat_id="", vat_bps=0, prefix="GW")
LIVE = "sk_" + "live_only_for_this_test"


def found(settings: Any, **values: Any) -> list[str]:
    us = replace(settings.OPERATOR, name="Goodword GmbH")
    server = {"DEBUG": False, "LOCAL": False, "STRIPE_API_BASE": "", "STRIPE_SECRET_KEY": LIVE, "OPERATOR": us}
    for name, value in (server | values).items():
        setattr(settings, name, value)
    ids = [str(message.id) for message in run_checks(include_deployment_checks=True)]
    return [name for name in ids if name.startswith("goodword.")]


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        ({}, []),
        ({"STRIPE_API_BASE": "http://127.0.0.1:8001"}, ["goodword.E001"]),
        ({"STRIPE_SECRET_KEY": "sk_test_sandbox"}, ["goodword.E002"]),
        ({"STRIPE_SECRET_KEY": "rk_test_1"}, ["goodword.E002"]),
        ({"STRIPE_SECRET_KEY": "sk_test_sandbox", "STRIPE_API_BASE": "http://x", "LOCAL": True}, []),
        ({"STRIPE_SECRET_KEY": "sk_test_sandbox", "DEBUG": True}, []),
        ({"OPERATOR": NOBODY}, ["goodword.W001"]),
        ({"OPERATOR": NOBODY, "LOCAL": True}, []),
    ],
)
def test_a_server_speaks_to_stripe_itself(settings: Any, values: dict[str, Any], ids: list[str]) -> None:
    assert found(settings, **values) == ids


@pytest.mark.parametrize(("key", "starts"), [("x", False), ("x" * 31, False), ("x" * 32, True)])
def test_a_short_secret_starts_nothing(key: str, starts: bool) -> None:
    clean = {name: value for name, value in os.environ.items() if name not in ("DJANGO_DEBUG", "SECRET_KEY")}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "from marketplace import settings"],
        cwd=REPO, env=clean | {"SECRET_KEY": key, "DJANGO_DEBUG": "0"}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode == 0) is starts, done.stderr
    assert starts or "SECRET_KEY" in done.stderr
