"""The till of the demo: pays, and answers the bank's questions, at the embedded double of Stripe. Never at Stripe."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.conf import settings

from payments.sandbox.server import Sandbox, start_in_thread

HOME = {"127.0.0.1", "localhost"}
SECONDS = 20
PAUSE = 0.2


@contextmanager
def the_till(*, patience: float = 0) -> Iterator["Till | None"]:
    """The double's counter while it is open; None where a real Stripe key is set, for nobody pays there for a demo.

    ``patience`` is how many seconds a double that is just starting is given before we open one ourselves.
    """
    base = settings.STRIPE_API_BASE
    if not base or urlsplit(base).hostname not in HOME:
        yield None
        return
    till = Till(base)
    until = monotonic() + patience
    while not till.answers() and monotonic() < until:
        sleep(PAUSE)
    sandbox = None if till.answers() else _open(base)
    try:
        yield till
    finally:
        if sandbox is not None:
            sandbox.stop()


def _open(base: str) -> Sandbox:
    """The double is not up yet, as before the first start: serve from its own file, on its own port, for a while.

    Nobody listens for its news meanwhile, so it has no heart: whoever pays asks how it went.
    """
    folder = os.environ.get("GOODWORD_SANDBOX_DATA") or str(Path(settings.DATA_DIR) / "sandbox")
    Path(folder).mkdir(parents=True, exist_ok=True)
    return start_in_thread(
        data_path=str(Path(folder) / "stripe.sqlite3"), port=urlsplit(base).port or 80, seed="demo", heart=False
    )


class Till:
    """What a person does on the double's pages, said to its control desk."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")

    def answers(self) -> bool:
        try:
            self._do("state")
        except (URLError, OSError):
            return False
        return True

    def pay(self, session: str) -> None:
        """The payer pays by card."""
        self._do("pay_session", session=session)

    def onboard(self, account: str) -> None:
        """The payee tells the bank who they are."""
        self._do("complete_onboarding", account=account)

    def settle(self) -> None:
        """What was paid becomes available at once."""
        self._do("settle")

    def _do(self, act: str, **facts: Any) -> Any:
        request = Request(  # noqa: S310 - our own double on this machine
            f"{self._base}/_control/{act}",
            data=json.dumps(facts).encode(),
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return json.loads(answer.read())["result"]
