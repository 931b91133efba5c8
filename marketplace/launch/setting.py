"""The environment of one machine: addresses, ports, secrets. What the operator set always stays."""

import os
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

from marketplace.launch.places import kept_secrets
from marketplace.launch.ports import HOST, listen


def read_env_file(place: Path) -> None:
    """`.env`, one NAME=value a line; what the environment already says wins, and an empty value says nothing."""
    if not place.is_file():
        return
    for line in place.read_text().splitlines():
        name, mark, value = line.partition("=")
        value = value.split(" #")[0].strip().strip("'\"")
        if mark and value and not line.lstrip().startswith("#"):
            os.environ.setdefault(name.strip(), value)


def set_stage(data: Path) -> None:
    """Settings every command on this machine shares."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "GOODWORD_DATA": str(data),
        "GOODWORD_HTTPS": "0",
        "GOODWORD_LOCAL": "1",
        "ALLOWED_HOSTS": f"{HOST},localhost",
    }
    (data / "static").mkdir(exist_ok=True)
    for name, value in (ours | kept_secrets(data)).items():
        if not os.environ.get(name) and f"{name}_FILE" not in os.environ:
            os.environ[name] = value


def open_doors(port: int, roles: set[str], data: Path, say: Callable[[str], None]) -> None:
    """Take the page's port (it stays open while the web restarts) and choose the sandbox's."""
    set_stage(data)
    if "web" in roles:
        listener = listen(port)
        taken = listener.getsockname()[1]
        if port and taken != port:
            say(f"Port {port} is busy; using {taken}.")
        os.environ["GOODWORD_WEB_FD"] = str(listener.detach())
        os.environ["GOODWORD_WEB_URL"] = f"http://{HOST}:{taken}"
        os.environ.setdefault("SITE_URL", f"http://{HOST}:{taken}")
        port = taken
    if not os.environ.get("STRIPE_SECRET_KEY") and not os.environ.get("STRIPE_API_BASE"):
        invite_sandbox(listen(port + 1 if port else 0), data, runs_here="sandbox" in roles)


def invite_sandbox(listener: socket.socket, data: Path, *, runs_here: bool) -> None:
    """No Stripe key was set: the product speaks to our double of Stripe, and the double back to it.

    Its port is ours from now on, also while it restarts: nobody else's double can answer there.
    """
    port = listener.getsockname()[1]
    if runs_here:
        os.environ["GOODWORD_SANDBOX_FD"] = str(listener.detach())
        os.environ["GOODWORD_SANDBOX_NAME"] = secrets.token_hex(8)
    else:
        listener.close()
    folder = data / "sandbox"
    folder.mkdir(mode=0o700, exist_ok=True)
    site = os.environ.get("GOODWORD_WEB_URL") or os.environ.get("SITE_URL", "")
    os.environ["STRIPE_API_BASE"] = f"http://{HOST}:{port}"
    os.environ["GOODWORD_SANDBOX_DATA"] = str(folder)
    os.environ["GOODWORD_WEBHOOK_URL"] = f"{site}/webhooks/stripe/"
