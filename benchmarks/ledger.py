"""How fast the books take postings, beside PostgreSQL's own pgbench (TPC-B) on the same server in the same run.

    python -m benchmarks.ledger [--rounds 3] [--seconds 10] [--clients 16] [--processes 4] [--flat 100000] [--json]

Every posting goes through payments.ledger.post in a durable transaction of its own and moves money between two guarded
accounts out of 20 hot and 10,000 cold ones: half of all sides are hot, so that clients meet. pgbench runs its standard
TPC-B with as many clients and a scale of the same number, simple protocol, in turns with us. Afterwards one process
writes --flat postings more and says what memory it takes. Ends with 1 when a figure misses its target.
"""

import argparse
import importlib
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.throwaway import database
from marketplace.launch.postgres import installation

LEAST_PER_SECOND, LEAST_SHARE, MOST_GROWTH = 600.0, 0.3, 1.10


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--processes", type=int, default=4, help="the clients are threads of so many processes")
    parser.add_argument("--flat", type=int, default=100_000, help="postings of the memory check; 0 leaves it out")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with database("ledger"):
        report = measure(asked, importlib.import_module("benchmarks.ledger_postings"))
    print(json.dumps(report, indent=2) if asked.json else table(report))
    return int(any(report["missed"]))


def measure(asked: argparse.Namespace, postings: Any) -> dict[str, Any]:
    """Ours and pgbench's in turns, then the drift, then the memory."""
    pgbench = TpcB(asked.clients, postings.address())
    postings.prime()
    rounds = []
    for number in range(asked.rounds):
        ours = postings.run(asked.clients, asked.processes, asked.seconds, seed=number)
        rounds.append({**ours, "pgbench": pgbench.run(asked.seconds)})
    flat = postings.watch_memory(asked.flat) if asked.flat else {}
    report = {
        "clients": asked.clients,
        "processes": asked.processes,
        "load": os.getloadavg()[0],
        "rounds": rounds,
        "per_second": statistics.median(one["per_second"] for one in rounds),
        "pgbench": statistics.median(one["pgbench"] for one in rounds),
        "deadlocks": sum(one["deadlocks"] for one in rounds),
        "drift": postings.drift(),
        "memory_mb": flat,
    }
    report["share"] = report["per_second"] / report["pgbench"]
    return report | {"missed": missed(report)}


def missed(report: dict[str, Any]) -> list[str]:
    """The targets that were not reached, in words."""
    flat = list(report["memory_mb"].values()) or [1.0]
    verdicts = {
        f"{LEAST_PER_SECOND:.0f} postings/s": report["per_second"] >= LEAST_PER_SECOND,
        f"{LEAST_SHARE} × pgbench": report["share"] >= LEAST_SHARE,
        "no deadlock": not report["deadlocks"],
        "no drift": not any(report["drift"].values()),
        "flat memory": flat[-1] <= flat[0] * MOST_GROWTH,
    }
    return [name for name, reached in verdicts.items() if not reached]


class TpcB:
    """pgbench on its own tables in the same database."""

    def __init__(self, clients: int, address: dict[str, str]) -> None:
        beside = installation() / "bin" / "pgbench"
        self.program = str(beside) if Path(beside).exists() else shutil.which("pgbench") or sys.exit("No pgbench here.")
        self.clients = clients
        self.environment = os.environ | address
        self._call("-i", "-q", "-s", str(clients))

    def run(self, seconds: float) -> float:
        """Transactions per second."""
        jobs = str(min(self.clients, os.cpu_count() or 2))
        said = self._call("-n", "-c", str(self.clients), "-j", jobs, "-T", str(max(1, round(seconds))))
        return float(next(line for line in said.splitlines() if line.startswith("tps =")).split()[2])

    def _call(self, *arguments: str) -> str:
        done = subprocess.run(
            [self.program, *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"pgbench: {done.stderr}")
        return done.stdout


def table(report: dict[str, Any]) -> str:
    clients = f"{report['clients']} clients in {report['processes']} processes"
    lines = [
        f"{clients}, 20 hot and 10,000 cold accounts; load {report['load']:.1f}",
        "",
        "| round | postings/s | pgbench TPC-B/s | ratio | deadlocks |",
        "|---|---|---|---|---|",
    ]
    for number, one in enumerate(report["rounds"], 1):
        share = one["per_second"] / one["pgbench"]
        lines.append(
            f"| {number} | {one['per_second']:.0f} | {one['pgbench']:.0f} | {share:.2f} | {one['deadlocks']} |"
        )
    lines.append(
        f"| median | {report['per_second']:.0f} | {report['pgbench']:.0f} | {report['share']:.2f} |"
        f" {report['deadlocks']} in all |"
    )
    drift = ", ".join(f"{name} {value}" for name, value in report["drift"].items())
    flat = ", ".join(f"{megabytes:.0f} MB after {count:,}" for count, megabytes in report["memory_mb"].items())
    lines += ["", f"Drift: {drift}.", f"Memory of one posting process: {flat or 'not asked for'}."]
    return "\n".join([*lines, *(f"✗ missed: {name}" for name in report["missed"])])


if __name__ == "__main__":
    sys.exit(main())
