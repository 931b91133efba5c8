"""Run as a script beside the torture: takes the folders away that are named on its standard input, once that ends.

Standard library only, started with -I -S. The launcher and its children hold the other end of the pipe, so however
they died, by the end of the last one nothing of theirs is left.
"""

import os
import shutil
import sys
import time
from pathlib import Path

PATIENCE_SECONDS = 30.0


def main() -> None:
    folders = sys.stdin.read().split("\n")[:-1]
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(Path(folder).exists() for folder in folders) and time.monotonic() < deadline:
        if not any(lives(Path(folder) / "postgres" / "postmaster.pid") for folder in folders):
            for folder in folders:
                shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.1)


def lives(pid_file: Path) -> bool:
    """A server that was told to leave still writes."""
    try:
        os.kill(int(pid_file.read_text().split("\n")[0]), 0)
    except (OSError, ValueError):
        return False
    return True


if __name__ == "__main__":
    main()
