"""How long import_creators takes over a folder, when all of it is there already, and scoring authenticity of all.

    python -m benchmarks.import FOLDER [--json]

FOLDER is in the layout of docs/import.md. The database is made for this and dropped afterwards. Ends with 1 above the
limit of 180 s, or when the second run changes anything.
"""

import argparse
import io
import json
import os
import resource
import sys
import time
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

from django.core.management import call_command

from benchmarks.throwaway import database, load_places

LIMIT_S = 180.0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with database("import"):
        load_places()
        runs = {name: timed(asked.folder) for name in ("first", "again")}
        scored = score_all()
    report = {**runs, "authenticity": scored, "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}
    print(json.dumps(report, indent=2) if asked.json else table(report))
    return int(runs["first"]["wall_s"] > LIMIT_S or runs["again"]["changed"])


def timed(folder: Path) -> dict[str, Any]:
    """One whole run of the command, as its JSON with our clock beside it."""
    out, started, cpu = io.StringIO(), time.perf_counter(), time.process_time()
    try:
        with redirect_stderr(io.StringIO()):
            call_command("import_creators", str(folder), "--json", stdout=out)
    except SystemExit as ended:
        if ended.code == 2:
            sys.exit(out.getvalue())
    said: dict[str, Any] = json.loads(out.getvalue())
    return {**said, "wall_s": time.perf_counter() - started, "python_cpu_s": time.process_time() - cpu}


def score_all() -> dict[str, Any]:
    """One run of score_authenticity, as its JSON."""
    out = io.StringIO()
    with redirect_stderr(io.StringIO()):
        call_command("score_authenticity", "--json", stdout=out)
    said: dict[str, Any] = json.loads(out.getvalue())
    return said


def table(report: dict[str, Any]) -> str:
    lines = [
        "| run | seconds | of it Python's CPU | creators new, same, skipped | posts new, same, skipped |",
        "|---|---|---|---|---|",
    ]
    for name in ("first", "again"):
        run = report[name]
        counts = [
            ", ".join(f"{run[kind][what]:,}" for what in ("created", "unchanged", "skipped"))
            for kind in ("creators", "posts")
        ]
        lines.append(f"| {name} | {run['wall_s']:.1f} | {run['python_cpu_s']:.1f} | {counts[0]} | {counts[1]} |")
    scored = report["authenticity"]
    lines += ["", f"Authenticity of {scored['scored']:,} creators: {scored['seconds']:.1f} s."]
    return "\n".join([*lines, "", f"{report['memory_mb']} MB at most; load {os.getloadavg()[0]:.1f}"])


if __name__ == "__main__":
    sys.exit(main())
