"""How long the rules of the books and a night's comparison take over many postings, and in how much memory.

    python -m benchmarks.reconciliation [--postings 100000] [--json]

The database is made for this and dropped afterwards; Stripe's list is made up from the books, so that all of it agrees.
Ends with 1 when a rule is broken, when one takes more than 1.5 s, or when memory grows by more than 50 MB.
"""

import argparse
import json
import os
import resource
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from django.db import connection

from benchmarks.throwaway import database

POSTINGS_PER_STORY = 5
LIMIT_MS, LIMIT_MB = 1_500, 50
# A line a second, the newest now, as Stripe would list them: by cursor, from a moment on.
LINES = """
SELECT source, minor, newest.created + posting.id - newest.id AS created
FROM (SELECT max(id) AS id, extract(epoch FROM now())::bigint AS created FROM payments_posting) AS newest,
    payments_posting posting JOIN payments_entry entry ON entry.posting_id = posting.id AND chart = 'stripe'
WHERE posting.id < coalesce((SELECT id FROM payments_posting WHERE source = %(after)s AND source <> ''), 9e18)
    AND posting.id >= newest.id - newest.created + %(since)s
ORDER BY posting.id DESC LIMIT 100
"""
FILL = Path(__file__).with_suffix(".sql")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--postings", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with database("reconciliation"):
        filling = time.perf_counter()
        fill(max(1, asked.postings // POSTINGS_PER_STORY))
        report = {"fill_s": round(time.perf_counter() - filling, 1), "rules": rules(), "night": night()}
    print(json.dumps(report, indent=2) if asked.json else table(report))
    wrong = [name for name, one in report["rules"].items() if one["ms"] > LIMIT_MS or one["broken"]]
    return int(bool(wrong) or report["night"]["grown_mb"] > LIMIT_MB or report["night"]["found"] > 0)


def fill(stories: int) -> None:
    """The stories, past the ledger's guards: they are the owner's to lift."""
    guarded = ("posting", "entry", "balance")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for name in guarded:
            cursor.execute(f"ALTER TABLE payments_{name} DISABLE TRIGGER USER")
        for statement in filter(str.strip, FILL.read_text().split(";\n")):
            cursor.execute(statement, {"stories": stories})
        for name in guarded:
            cursor.execute(f"ALTER TABLE payments_{name} ENABLE TRIGGER USER")
        cursor.execute("ANALYZE")
        cursor.execute("SET statement_timeout = '10s'")


def rules() -> dict[str, dict[str, Any]]:
    """Each rule's time in ms, and how many rows break it. The first look is not counted: caches are cold only once."""
    invariants = import_module("payments.invariants")
    invariants.check(invariants.INVARIANTS, keep=False)
    looks = invariants.check(invariants.INVARIANTS, keep=False)
    return {
        look.invariant.name: {"ms": round(look.seconds * 1000), "broken": len(look.rows), "trouble": look.trouble}
        for look in looks
    }


def night() -> dict[str, Any]:
    """Copying and matching all lines, then a balance: seconds, lines a second, and how much memory grew."""
    asking, run = import_module("payments.reconciliation.asking"), import_module("payments.reconciliation.run")
    judging = import_module("payments.reconciliation.judging")
    report = import_module("payments.reconciliation.report").Report()
    asking.gateway.call = made_up
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    for page in run.copy(None):
        report.count("lines copied", page.lines)
    seconds = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    for step in (judging.judge_lines, lambda told: judging.judge_postings(told, since=None), run.compare_ours):
        step(report)
    lines = report.counts["lines copied"]
    return {
        "lines": lines, "copy_s": round(seconds, 1), "lines_per_s": round(lines / seconds), "grown_mb": grown,
        "judge_s": round(time.perf_counter() - began - seconds, 1), "found": len(report.found),
    }  # fmt: skip


def made_up(kind: str, params: dict[str, Any], **_: Any) -> Any:
    """Stripe's answer, from our own books: its list of lines by cursor, newest first, and its balance."""
    success = import_module("payments.gateway").Success
    with connection.cursor() as cursor:
        if kind == "balance.retrieve":
            cursor.execute("SELECT sum(minor) FROM payments_entry WHERE chart = 'stripe'")
            return success({"available": [{"amount": int(cursor.fetchone()[0]), "currency": "eur"}], "pending": []})
        cursor.execute(
            LINES, {"after": params.get("starting_after", ""), "since": params.get("created", {}).get("gte", 0)}
        )
        rows = cursor.fetchall()
    data = [
        {"id": source, "type": "charge" if minor > 0 else "transfer", "source": "", "amount": minor, "fee": 0,
         "net": minor, "currency": "eur", "created": created} for source, minor, created in rows
    ]  # fmt: skip
    return success({"data": data, "has_more": len(rows) == 100})


def table(report: dict[str, Any]) -> str:
    lines = ["| rule | ms |", "|---|---|"]
    slowest_first = sorted(report["rules"].items(), key=lambda rule: -rule[1]["ms"])
    lines += [
        f"| {name} | {one['ms']}{' ' + one['trouble'] if one['trouble'] else ''} |" for name, one in slowest_first
    ]
    lines.append(f"| all | {sum(one['ms'] for one in report['rules'].values())} |")
    night_of = ", ".join(f"{name} {value}" for name, value in report["night"].items())
    return "\n".join([*lines, "", f"night: {night_of}; load {os.getloadavg()[0]:.1f}"])


if __name__ == "__main__":
    sys.exit(main())
