"""Where things lie: the data folder, the sockets (whose paths have a limit), the secrets made once."""

import hashlib
import json
import os
import secrets
import stat
import tempfile
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent.parent
SOCKET_LIMIT = 107
LONGEST_SOCKET = ".s.PGSQL.5432.lock"
SECRETS = ("SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_CONNECT_WEBHOOK_SECRET")


class LaunchError(Exception):
    """Something the person at the keyboard can mend; the message says how."""


def data_folder() -> Path:
    """The folder everything embedded lives in: `.data` in the checkout unless GOODWORD_DATA says otherwise."""
    return private(Path(os.environ.get("GOODWORD_DATA") or REPO / ".data").resolve())


def private(folder: Path) -> Path:
    """A folder of ours that nobody else can read."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        facts = folder.lstat()
        if not stat.S_ISDIR(facts.st_mode):
            raise LaunchError(f"{folder} should be a folder. Move it away and start again.")
        if facts.st_uid == os.geteuid() and facts.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as problem:
        raise LaunchError(
            f"{folder} cannot be used ({problem.strerror}). Set GOODWORD_DATA to a folder you may write to."
        ) from problem
    return folder


def short_name(folder: Path) -> str:
    return "goodword-" + hashlib.sha256(f"{os.geteuid()}:{folder}".encode()).hexdigest()[:12]


def socket_folder(data: Path) -> Path:
    """Beside the data, or in a short private folder when the path would be too long for a socket."""
    beside = data / "run"
    if len(os.fsencode(beside / LONGEST_SOCKET)) <= SOCKET_LIMIT:
        return private(beside)
    short = Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())  # noqa: S108 - made private below
    folder = private(short / short_name(data))
    if folder.lstat().st_uid != os.geteuid():
        raise LaunchError(f"{folder} belongs to somebody else. Set GOODWORD_DATA to a folder with a shorter path.")
    return folder


def kept_secrets(data: Path) -> dict[str, str]:
    """Keys made once for this data folder and kept beside it, readable by its owner only."""
    place = data / "secrets"
    known: dict[str, str] = json.loads(place.read_text()) if place.exists() else {}
    missing = [name for name in SECRETS if name not in known]
    if missing:
        known |= {name: ("whsec_" if name.startswith("STRIPE") else "") + secrets.token_hex(32) for name in missing}
        draft = place.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(known, indent=2))
        draft.replace(place)
    return known
