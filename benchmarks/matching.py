"""Finding who fits: among a million made-up creators, or among the real ones of a folder.

    python -m benchmarks.matching [--creators 1000000] [--rounds 4] [--pgvector] [--json]
    python -m benchmarks.matching FOLDER [--cache .data/bench] [--json]

Without FOLDER: fills a database of its own (10,000, then 100,000, then as many as asked), and for five filters prints
how long retrieval and the whole match with reasons take, how many rows come back, and how many of them an exact ranking
of everybody has too; beside other ways in the same run. Ends with 1 when a target is missed: 100 ms at a million, 40 ms
at a hundred thousand (p95), recall .97, as many rows as asked.

FOLDER is in the layout that `import_creators` takes. The first run embeds every post (about three minutes on two
cores) and keeps the vectors in the cache. Cold is a new process: read the pool, embed the brief, score, explain.
"""

import argparse
import importlib
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.matching_data import World, load, prepare
from benchmarks.throwaway import database, load_places
from campaigns.matching import match
from campaigns.matching.retrieve import top
from creators.embedding import encode

RUNS, COLD_RUNS, LIMIT = 60, 5, 100


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--creators", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=4, help="how often each brief is measured")
    parser.add_argument("--pgvector", action="store_true", help="also pgvector, whose index takes long to build")
    parser.add_argument("--cache", type=Path, default=Path(".data/bench"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--cold-child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.folder is None:
        return many(asked)
    if asked.cold_child:
        return cold_child(asked.cache, asked.folder)
    if not (asked.folder / "posts.csv.gz").exists():
        print(f"skipped: no posts.csv.gz in {asked.folder}", file=sys.stderr)
        return 0
    prepared = prepare(asked.folder, asked.cache)
    world = load(prepared)
    report = {"creators": len(world.pool), "limit": LIMIT, "load": os.getloadavg()[0], "ms": timed(world)}
    report["cold"] = cold(prepared, asked.cache)
    print(json.dumps(report, indent=2) if asked.json else table(report))
    return 0


def many(asked: argparse.Namespace) -> int:
    """Made-up creators in a database of their own."""
    sizes = sorted({size for size in (10_000, 100_000) if size < asked.creators} | {asked.creators})
    with database("matching"):
        load_places()
        runs = importlib.import_module("benchmarks.matching_many")
        report = runs.run(sizes, rounds=asked.rounds, with_pgvector=asked.pgvector)
    told = importlib.import_module("benchmarks.matching_report")
    print(json.dumps(report, indent=2) if asked.json else told.text(report))
    return int(any(told.missed(one) for one in report))


def timed(world: World) -> dict[str, dict[str, float]]:
    """Turn by turn in one run, so that a busy machine slows all of them alike."""
    pool, briefs = world.pool, world.briefs
    contenders: dict[str, Callable[[int], object]] = {
        "numpy scan alone": lambda row: top((pool.vectors @ briefs[row].vector).astype(float), pool.ids, LIMIT),
        "whole match, no reasons": lambda row: match(briefs[row], pool, limit=1),
        "whole match with reasons": lambda row: match(briefs[row], pool, limit=LIMIT),
    }
    spent: dict[str, list[float]] = {name: [] for name in contenders}
    for run in range(RUNS):
        for name, call in contenders.items():
            started = time.perf_counter()
            call(run % len(briefs))
            spent[name].append(1000 * (time.perf_counter() - started))
    return {
        name: {"p50": statistics.median(times), "p95": sorted(times)[int(0.95 * len(times))]}
        for name, times in spent.items()
    }


def cold(prepared: Path, cache: Path) -> dict[str, float]:
    """Medians over new processes; the wall time includes starting Python."""
    command = [sys.executable, "-m", "benchmarks.matching", str(prepared), "--cache", str(cache), "--cold-child"]
    runs = []
    for _ in range(COLD_RUNS):
        started = time.perf_counter()
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        runs.append(json.loads(said) | {"whole s": time.perf_counter() - started})
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def cold_child(cache: Path, prepared: Path) -> int:
    started = time.perf_counter()
    world = load(prepared)
    read = time.perf_counter()
    vector = encode([world.briefs[0].text], data_dir=cache)[0]
    embedded = time.perf_counter()
    match(type(world.briefs[0])(text=world.briefs[0].text, vector=vector), world.pool, limit=LIMIT)
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = {"read s": read - started, "embed the brief s": embedded - read, "score and explain s": ended - embedded}
    print(json.dumps(times | {"peak MB": peak}))
    return 0


def table(report: dict) -> str:
    lines = [f"{report['creators']:,} creators, {LIMIT} matches, load {report['load']:.1f}", ""]
    lines += [f"{'warm, ms':32}{'p50':>8}{'p95':>8}"]
    lines += [f"{name:32}{row['p50']:8.1f}{row['p95']:8.1f}" for name, row in report["ms"].items()]
    lines += ["", f"cold, median of {COLD_RUNS} new processes"]
    lines += [f"{name:32}{value:8.2f}" for name, value in report["cold"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
