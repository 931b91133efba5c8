"""Run as a script between the launcher and a server: ties the server's life to ours, then becomes the server.

`python shim.py [--tie SIGNAL] [--as UID] [--userns UID] -- command …` — standard library only, started with -I -S.

A server started this way receives SIGNAL when the process that started it dies, even by `kill -9`. PostgreSQL refuses
to run as root; `--userns` shows it an ordinary user while the files stay root's own, `--as` really becomes that user.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1


def enter_user_namespace(uid: int) -> None:
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "no user namespace")
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {outer_uid} 1"),
        ("gid_map", f"{uid} {outer_gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as handle:
            handle.write(line)


def become(uid: int) -> None:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


def die_with_parent(signum: int, parent: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


def watch(command: list[str], signum: int, parent: int) -> int:
    """Where the kernel cannot tell us that our parent died, stay between the two and look."""
    child = subprocess.Popen(command)  # noqa: S603 - the launcher's own command line
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(name, lambda received, _frame: child.send_signal(received))
    while child.poll() is None:
        if os.getppid() != parent:
            child.send_signal(signum)
            return child.wait()
        time.sleep(0.2)
    return child.returncode


def main(arguments: list[str]) -> int:
    split = arguments.index("--")
    options, command = arguments[:split], arguments[split + 1 :]
    given = {options[i]: int(options[i + 1]) for i in range(0, len(options), 2)}
    os.setsid()
    if "--userns" in given:
        enter_user_namespace(given["--userns"])
    if "--as" in given:
        become(given["--as"])
    if "--tie" in given:
        if not sys.platform.startswith("linux") or "--watch" in given:
            return watch(command, given["--tie"], given["--parent"])
        die_with_parent(given["--tie"], given["--parent"])
    return os.execv(command[0], command)  # noqa: S606 - the launcher's own command line


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
