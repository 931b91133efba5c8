"""Children that die come back; when the launcher stops or is killed, nothing stays."""

import signal
from pathlib import Path

from marketplace.launch.supervisor import reason
from tests.marketplace.launch.conftest import Launch, alive, descendants, kill, wait_until

PROGRAM = """
import os, signal, subprocess, sys, time
from pathlib import Path
from marketplace.launch.children import Child, run_once
from marketplace.launch.supervisor import Supervisor
folder = Path(sys.argv[1])

def sleeper():
    subprocess.Popen(["/bin/sleep", "60"])  # a grandchild, as a worker's pool is
    time.sleep(60)

def stubborn():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(1)

roles = {"sleeper": sleeper, "stubborn": stubborn, "failing": lambda: sys.exit("no luck")}
children = [Child(name, roles[name], log=folder / f"{name}.log", farewell=signal.SIGKILL) for name in sys.argv[2:]]
supervisor = Supervisor(children, [], lambda words: print(words, flush=True))
supervisor.listen()
supervisor.run(until=lambda: (folder / "enough").exists())
supervisor.stop()
print("stopped", flush=True)
"""


def ignores(pid: int, signum: signal.Signals) -> bool:
    mask = Path(f"/proc/{pid}/status").read_text().split("SigIgn:\t")[1].split()[0]
    return bool(int(mask, 16) >> (signum - 1) & 1)


def test_a_killed_child_is_started_again(tmp_path: Path, launch: Launch) -> None:
    launcher = launch("-c", PROGRAM, str(tmp_path), "sleeper")
    assert wait_until(lambda: len(descendants(launcher.pid)) == 2)
    before = descendants(launcher.pid)

    kill(before[0])

    assert wait_until(lambda: len(set(descendants(launcher.pid)) - set(before)) == 2)
    assert wait_until(lambda: not any(alive(pid) for pid in before))  # the grandchild went with its parent


def test_told_to_stop_it_stops_everything_and_says_so(tmp_path: Path, launch: Launch) -> None:
    launcher = launch("-c", PROGRAM, str(tmp_path), "sleeper")
    assert wait_until(lambda: len(descendants(launcher.pid)) == 2)
    below = descendants(launcher.pid)

    launcher.send_signal(signal.SIGINT)
    said, _ = launcher.communicate(timeout=20)

    assert launcher.returncode == 0
    assert said.splitlines()[-1] == "stopped"
    assert not any(alive(pid) for pid in below)


def test_a_second_order_to_stop_insists(tmp_path: Path, launch: Launch) -> None:
    launcher = launch("-c", PROGRAM, str(tmp_path), "stubborn")
    assert wait_until(lambda: len(descendants(launcher.pid)) == 1)
    child = descendants(launcher.pid)[0]
    assert wait_until(lambda: ignores(child, signal.SIGTERM))

    launcher.send_signal(signal.SIGTERM)
    still_there = wait_until(lambda: not alive(child), seconds=0.5)
    launcher.send_signal(signal.SIGTERM)

    assert not still_there
    assert launcher.wait(10) == 0
    assert not alive(child)


def test_a_killed_launcher_leaves_nothing_behind(tmp_path: Path, launch: Launch) -> None:
    launcher = launch("-c", PROGRAM, str(tmp_path), "stubborn")
    assert wait_until(lambda: len(descendants(launcher.pid)) == 1)
    below = descendants(launcher.pid)

    kill(launcher.pid)

    assert wait_until(lambda: not any(alive(pid) for pid in below))


def test_a_child_that_cannot_live_is_tried_again_with_growing_rests(tmp_path: Path, launch: Launch) -> None:
    launcher = launch("-c", PROGRAM, str(tmp_path), "failing")
    log = tmp_path / "failing.log"
    assert wait_until(lambda: log.exists() and log.read_text().count("no luck") >= 3)

    (tmp_path / "enough").touch()
    said, _ = launcher.communicate(timeout=20)

    assert 3 <= said.count("failing ended (exit code 1); starting it again.") <= 8


def test_an_end_is_told_in_words() -> None:
    assert reason(3) == "exit code 3"
    assert reason(-9) == "killed by SIGKILL"
