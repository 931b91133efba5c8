"""The postings of benchmarks/ledger.py; imported once Django is up."""

import multiprocessing
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import OperationalError, connection, connections, transaction

from marketplace.kit.money import Money
from payments import ledger
from payments.states import Chart

HOT = [f"hot{number:02}" for number in range(20)]
COLD = [f"cold{number:05}" for number in range(10_000)]
PRIMED, HOT_PRIMED, MOVED = 1_000_000, 10**12, 1
AGAIN, LONGEST_PAUSE = 5, 0.05
FORK = multiprocessing.get_context("fork")


def address() -> dict[str, str]:
    """Where the database is, in libpq's words."""
    facts = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    return {theirs: str(facts[ours]) for theirs, ours in names.items() if facts[ours]}


def prime() -> None:
    """Every account has money, so that no move is refused."""
    wallets = [(owner, HOT_PRIMED) for owner in HOT] + [(owner, PRIMED) for owner in COLD]
    for start in range(0, len(wallets), 1_000):
        part = wallets[start : start + 1_000]
        lines = [ledger.credit(Chart.WALLET, Money(minor, "EUR"), owner) for owner, minor in part]
        whole = Money(sum(minor for _, minor in part), "EUR")
        with transaction.atomic():
            ledger.post([ledger.debit(Chart.STRIPE, whole), *lines], key=f"prime:{start}", kind="prime")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE payments_balance")


def move(chance: random.Random, key: str) -> int:
    """One posting between two accounts, tried again after a deadlock. Returns how many it met."""
    giver, taker = chance.choice([HOT, COLD]), chance.choice([HOT, COLD])
    lines = [
        ledger.debit(Chart.WALLET, Money(MOVED, "EUR"), chance.choice(giver)),
        ledger.credit(Chart.WALLET, Money(MOVED, "EUR"), chance.choice(taker)),
    ]
    for met in range(AGAIN + 1):
        try:
            with transaction.atomic():
                ledger.post(lines, key=key, kind="move")
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in {"40P01", "40001"} or met == AGAIN:
                raise
            time.sleep(chance.uniform(0, LONGEST_PAUSE))
        else:
            return met
    return AGAIN


def run(clients: int, processes: int, seconds: float, *, seed: int) -> dict[str, Any]:
    """So many clients, each with a connection of its own, as fast as they can for so long."""
    connections.close_all()
    answers = FORK.SimpleQueue()
    begin = time.time() + 1.0
    shares = [clients // processes + (number < clients % processes) for number in range(processes)]
    started = [
        FORK.Process(target=_work, args=(f"{seed}-{number}", share, begin, begin + seconds, answers))
        for number, share in enumerate(shares)
    ]
    for process in started:
        process.start()
    counts = [answers.get() for _ in started]
    for process in started:
        process.join()
    return {"per_second": sum(done for done, _ in counts) / seconds, "deadlocks": sum(met for _, met in counts)}


def _work(name: str, threads: int, begin: float, end: float, answers: Any) -> None:
    done, met = [0] * threads, [0] * threads

    def post_until_the_end(place: int) -> None:
        chance = random.Random(f"{name}-{place}")
        connection.ensure_connection()
        time.sleep(max(0.0, begin - time.time()))
        while time.time() < end:
            met[place] += move(chance, f"move:{name}-{place}-{done[place]}")
            done[place] += 1
        connections.close_all()

    _together(post_until_the_end, threads)
    answers.put((sum(done), sum(met)))


def watch_memory(postings: int, threads: int = 8) -> dict[int, float]:
    """Megabytes this process has after a tenth, half and all of so many postings."""
    marks = {postings // 10: 0.0, postings // 2: 0.0, postings: 0.0}
    done = 0
    for mark in marks:
        share, first = (mark - done) // threads, done
        _together(lambda place, share=share, first=first: _post_some(place, share, first), threads)
        done, marks[mark] = mark, _megabytes()
    return marks


def _post_some(place: int, share: int, first: int) -> None:
    chance = random.Random(f"flat-{first}-{place}")
    for number in range(share):
        move(chance, f"flat:{first}-{place}-{number}")
    connections.close_all()


def _together(act: Callable[[int], None], threads: int) -> None:
    started = [threading.Thread(target=act, args=(place,)) for place in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


def _megabytes() -> float:
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


def drift() -> dict[str, int]:
    """The sum of all entries, and how many balances are not the sum of theirs. Both are zero."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(minor), 0) FROM payments_entry")
        total = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT count(*) FROM payments_balance JOIN (SELECT chart, owner, currency, sum(minor) AS total"
            " FROM payments_entry GROUP BY 1, 2, 3) AS sums USING (chart, owner, currency) WHERE minor <> -total"
        )
        wrong = int(cursor.fetchone()[0])
    return {"sum of all entries": total, "balances that are not their entries": wrong}
