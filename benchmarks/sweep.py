"""How long the nightly sweep takes: so many open campaigns over so many creators, by so many worker processes.

    python -m benchmarks.sweep [--campaigns 50] [--creators 20000] [--workers 2] [--json]

Creators are made up, as `benchmarks.matching` makes them, and so is what briefs mean: reading them is not measured.
Campaigns differ in place, radius, language, network, niche and budget, so that the filters keep from few to nearly all.
The book of a large pool is built before, as the clock does; each worker is a process of its own that opens it. The
goal: 500 campaigns, 1,000,000 creators, two workers, 300 seconds.
"""

import argparse
import importlib
import json
import os
import sys
from typing import Any

from benchmarks.throwaway import database, load_places


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--campaigns", type=int, default=50)
    parser.add_argument("--creators", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    os.environ.update(LOG_LEVEL="ERROR")
    with database("sweep"):
        load_places()
        world = importlib.import_module("benchmarks.sweep_world")
        world.fill(campaigns=asked.campaigns, creators=asked.creators)
        built = world.build()
        report = world.sweep(workers=asked.workers) | {"built_s": built}
    report |= {"campaigns": asked.campaigns, "creators": asked.creators, "load": os.getloadavg()[0]}
    print(json.dumps(report, indent=2) if asked.json else table(report))
    return int(report["done"] != asked.campaigns)


def table(report: dict[str, Any]) -> str:
    kept = report["kept"]
    of = f"{report['done']:,} of {report['campaigns']:,} campaigns over {report['creators']:,} creators"
    return f"""{of}, {report["workers"]} workers, load {report["load"]:.1f}
whole sweep            {report["seconds"]:8.1f} s
processor time         {report["cpu_s"]:8.1f} s   (the workers', without PostgreSQL's)
book built before it   {report["built_s"] or 0:8.1f} s   (the clock does that; none below 20,000 creators)
one campaign, median   {1000 * report["each"]:8.0f} ms  (the first of each worker also opens or reads the pool)
kept by the filters    {kept["least"]:,} to {kept["most"]:,}, median {kept["median"]:,}
largest worker         {report["peak_mb"]:8.0f} MB"""


if __name__ == "__main__":
    sys.exit(main())
