"""One embedded server: started through the shim, watched until it answers, stopped in order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from marketplace.launch.places import LaunchError

PREDECESSOR_SECONDS = 20.0
SHIM = Path(__file__).with_name("shim.py")


def shim(arguments: list[str]) -> list[str]:
    """The command line of the small program between us and a server."""
    return [sys.executable, "-I", "-S", str(SHIM), *arguments]


class Service:
    """A server process. `tied` servers get `farewell` when the process that started them dies."""

    def __init__(self, name: str, *, log: Path, farewell: signal.Signals, tied: bool = True) -> None:
        self.name = name
        self.log = log
        self.farewell = farewell
        self.tied = tied
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        raise NotImplementedError

    def launch(self, command: list[str], *, identity: list[str] | None = None, cwd: Path) -> None:
        ties = ["--tie", str(int(self.farewell)), "--parent", str(os.getpid())] if self.tied else []
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own binaries
                shim([*(identity or []), *ties, "--", *command]),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=cwd,
            )

    def wait_until(self, ready: Callable[[], bool], *, seconds: float = 60) -> None:
        """Look often until it answers; a server that has died says why at once."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.alive:
                raise LaunchError(f"{self.name} did not start. Its last words:\n{self.last_words()}")
            if time.monotonic() > deadline:
                raise LaunchError(f"{self.name} did not answer within {seconds:.0f} s. See {self.log}.")
            time.sleep(0.01)

    def wait_for_predecessor(self, pid_file: Path, mark: str) -> None:
        """A server whose launcher was killed is still leaving: two on one folder would spoil it."""
        pid = living(pid_file, mark)
        deadline = time.monotonic() + PREDECESSOR_SECONDS
        while pid is not None:
            if time.monotonic() > deadline:
                raise LaunchError(f"An older {self.name} (process {pid}) holds {pid_file.parent}. Stop it first.")
            time.sleep(0.05)
            pid = living(pid_file, mark)
        pid_file.unlink(missing_ok=True)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:]) if self.log.exists() else ""

    def stop(self, *, seconds: float = 15) -> None:
        """Ask politely; after `seconds`, insist."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(self.farewell)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None


def living(pid_file: Path, mark: str) -> int | None:
    """The process a server named in its pid file, if it still lives and is the one whose command line holds `mark`."""
    try:
        pid = int(pid_file.read_text().split("\n")[0])
        os.kill(pid, 0)
        command = Path(f"/proc/{pid}/cmdline").read_bytes() if Path("/proc/self").exists() else mark.encode()
    except (OSError, ValueError):
        return None
    return pid if mark.encode() in command else None
