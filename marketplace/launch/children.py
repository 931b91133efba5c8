"""Our own processes: forked from one loaded image, tied to the launcher, restarted with patience."""

import ctypes
import gc
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from marketplace.launch.services import shim

PR_SET_PDEATHSIG = 1
OURS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGQUIT)
LONGEST_REST = 10.0
STEADY_SECONDS = 30.0
APPENDING = os.O_WRONLY | os.O_CREAT | os.O_APPEND


def forks() -> bool:
    """Forking one loaded image is quick and small, and safe where the kernel ties children to us."""
    return sys.platform.startswith("linux") and os.environ.get("GOODWORD_FORK", "1") == "1"


class Child:
    """One role. `farewell` is what it gets when the launcher dies without a word."""

    def __init__(self, name: str, role: Callable[[], None], *, log: Path | None, farewell: signal.Signals) -> None:
        self.name = name
        self.role = role
        self.log = log
        self.farewell = farewell
        self.process: subprocess.Popen[bytes] | None = None  # kept, or Python would reap it behind our back
        self.pid = 0
        self.started = 0.0
        self.rest = 0.0
        self.due = 0.0
        self.deaths = 0
        self.exit_code: int | None = None

    def start(self) -> None:
        self.started = time.monotonic()
        self.exit_code = None
        self.pid = self.fork() if forks() else self.spawn()

    def fork(self) -> int:
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, OURS)
        pid = os.fork()
        if pid:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, OURS)
            return pid
        code = 1
        try:
            become_a_child(parent, self.farewell, self.log)
            self.role()
            code = 0
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code))
            if isinstance(leaving.code, str):
                sys.stderr.write(leaving.code + "\n")
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def spawn(self) -> int:
        """A process of its own, for systems where a fork of a loaded Python is not safe."""
        command = ["--tie", str(int(self.farewell)), "--parent", str(os.getpid())]
        command += ["--", sys.executable, "-m", "marketplace.launch.roles", self.name]
        doors = (os.environ.get(name) for name in ("GOODWORD_WEB_FD", "GOODWORD_SANDBOX_FD"))
        inherited = [int(door) for door in doors if door]
        out = os.open(self.log, APPENDING, 0o600) if self.log else os.dup(2)
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own module
                shim(command), stdin=subprocess.DEVNULL, stdout=out, stderr=out, pass_fds=inherited
            )
        finally:
            os.close(out)
        return self.process.pid

    def reap(self) -> bool:
        """True once, when it has ended."""
        if not self.pid:
            return False
        try:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
        except ChildProcessError:
            pid, status = self.pid, 0
        if not pid:
            return False
        sweep(self.pid)
        self.pid = 0
        self.exit_code = os.waitstatus_to_exitcode(status)
        self.deaths += 1
        steady = time.monotonic() - self.started > STEADY_SECONDS
        self.rest = 0.1 if steady or not self.rest else min(self.rest * 2, LONGEST_REST)
        self.due = time.monotonic() + self.rest
        return True

    def send(self, signum: signal.Signals) -> None:
        if self.pid:
            os.kill(self.pid, signum)

    def last_words(self) -> str:
        if self.log is None or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])


def sweep(group: int) -> None:
    """Whatever a dead child left in its own process group goes with it."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def become_a_child(parent: int, farewell: signal.Signals, log: Path | None) -> None:
    """First thing after the fork: our own group, our own signals, our own log, and an end that follows the parent's."""
    os.setpgid(0, 0)
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(farewell), 0, 0, 0)
    signal.set_wakeup_fd(-1)
    for name in OURS:
        signal.signal(name, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, OURS)
    if os.getppid() != parent:  # it died before we asked to be told
        os._exit(1)
    out = os.open(log, APPENDING, 0o600) if log else os.dup(2)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(source, target)
    os.close(out)
    os.close(nothing)


def freeze() -> None:
    """Keep the loaded image shared: what was made before the fork is never touched by the collector again."""
    gc.collect()
    gc.freeze()


def run_once(name: str, role: Callable[[], None], *, log: Path | None) -> int:
    """Run `role` in a child and wait: its connections and threads die with it, so that later forks stay clean."""
    child = Child(name, role, log=log, farewell=signal.SIGTERM)
    child.start()
    _, status = os.waitpid(child.pid, 0)
    return os.waitstatus_to_exitcode(status)
