"""What `benchmarks/matching.py --creators` found, as tables, with what missed its target marked ✗."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

RECALL, ROWS = 0.97, 100
HEAD = "| filter keeps | of them | retrieve p50 | p95 | whole match p50 | p95 | its CPU p50 | p95 "
HEAD += "| all exact p50 | recall@100 (least) | rows |"
P95_MS = {1_000_000: 100.0, 100_000: 40.0}


def missed(report: dict[str, Any]) -> list[str]:
    """The targets that this size missed, in words."""
    limit = P95_MS.get(report["creators"], math.inf)
    found = []
    for name, row in report["selectivities"].items():
        if row["whole_p95"] > limit:
            found.append(f"{name}: p95 {row['whole_p95']:.0f} ms")
        if row["recall"] < RECALL:
            found.append(f"{name}: recall {row['recall']:.3f}")
        if row["rows"] < ROWS:
            found.append(f"{name}: {row['rows']} rows")
    return found


def text(reports: list[dict[str, Any]]) -> str:
    return "\n".join([line for report in reports for line in _one(report)] + _scaling(reports))


def _one(report: dict[str, Any]) -> list[str]:
    memory, sizes = report["memory_mb"], report["disk_mb"]
    build = "no index below 20,000"
    if report["build_s"] is not None:
        build = f"index and columns in {report['build_s']:.0f} s ({report['build_cpu_s']:.0f} s of CPU)"
    disk = ", ".join(f"{name} {size:.0f} MB" for name, size in sizes.items())
    own, mapped = memory["private"] - memory["private before"], memory["mapped"]
    lines = [
        f"{report['creators']:,} creators, load {report['load']:.1f} to {report['load_after']:.1f}",
        f"{build}; opened in {report['open_s']:.2f} s; one changed creator seen in {report['one_changed_ms']:.0f} ms",
        f"disk: {disk}; memory: {own:.0f} MB for this, {mapped:.0f} MB mapped and shared",
        "ms by the clock, which waits for others on a busy machine; CPU: what this process used, without PostgreSQL",
        "",
        HEAD,
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, row in report["selectivities"].items():
        times = ("retrieve_p50", "retrieve_p95", "whole_p50", "whole_p95", "cpu_p50", "cpu_p95", "exact_p50")
        spent = " | ".join(f"{row[time]:.1f}" for time in times)
        recall = f"{row['recall']:.3f} ({row['recall_least']:.2f})"
        lines.append(f"| {name} | {row['kept']:,} | {spent} | {recall} | {row['rows']} |")
    lines += ["", "| nearest 100 only, p50 ms (recall, rows) | " + " | ".join(report["selectivities"]) + " |"]
    lines += ["|---" * (1 + len(report["selectivities"])) + "|"]
    for way, found in report["others"].items():
        cells = (
            f"{row['p50']:.1f}" + (f" ({row['recall']:.3f}, {row['rows']})" if "recall" in row else "")
            for row in found.values()
        )
        lines.append(f"| {way} | " + " | ".join(cells) + " |")
    return [*lines, "", *(f"✗ {one}" for one in missed(report)), ""]


def _scaling(reports: list[dict[str, Any]]) -> list[str]:
    """How CPU time grows with the number of creators: the exponent k of time ~ creators^k between two sizes."""
    names = reports[0]["selectivities"]
    lines = ["| whole match, CPU p50 ms (p95) | " + " | ".join(names) + " |", "|---" * (1 + len(names)) + "|"]
    for report in reports:
        rows = report["selectivities"].values()
        cells = " | ".join(f"{row['cpu_p50']:.0f} ({row['cpu_p95']:.0f})" for row in rows)
        lines.append(f"| {report['creators']:,} | {cells} |")
    for small, large in pairwise(reports):
        step = math.log(large["creators"] / small["creators"])
        grown = (
            math.log(large["selectivities"][name]["cpu_p50"] / row["cpu_p50"]) / step
            for name, row in small["selectivities"].items()
        )
        cells = " | ".join(f"n^{exponent:.2f}" for exponent in grown)
        lines.append(f"| {small['creators']:,} to {large['creators']:,} | {cells} |")
    return lines
