"""What the double remembers, in one SQLite file of its own.

Every change happens inside ``with store.writing()``: all of it is kept, or none. The journal is write-ahead, so what
was answered before a ``kill -9`` is still there after it.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Thing = dict[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS things (seq INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, kind TEXT NOT NULL,
    account TEXT NOT NULL, created INTEGER NOT NULL, data TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS things_listed ON things (kind, account, seq);
CREATE TABLE IF NOT EXISTS marks (field TEXT NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (field, value, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS marks_of ON marks (id);
CREATE TABLE IF NOT EXISTS lines (id TEXT PRIMARY KEY, account TEXT NOT NULL, currency TEXT NOT NULL,
    net INTEGER NOT NULL, available_on INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS lines_summed ON lines (account, currency, available_on, net);
CREATE TABLE IF NOT EXISTS answers (account TEXT NOT NULL, key TEXT NOT NULL, print TEXT NOT NULL,
    status INTEGER NOT NULL, body BLOB NOT NULL, request TEXT NOT NULL, created INTEGER NOT NULL,
    PRIMARY KEY (account, key));
CREATE INDEX IF NOT EXISTS answers_aged ON answers (created);
CREATE TABLE IF NOT EXISTS deliveries (seq INTEGER PRIMARY KEY, event TEXT NOT NULL, endpoint TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL, state TEXT NOT NULL DEFAULT 'waiting');
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due);
CREATE TABLE IF NOT EXISTS knobs (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

# Fields that lists filter by; a change of one costs a row, so there are few.
MARKED = (
    "transfer_group", "payment_intent", "charge", "customer", "destination", "source", "payout", "status", "email",
    "transfer", "source_transaction",
)  # fmt: skip

_STEPS = (
    ("BEGIN IMMEDIATE", ("ROLLBACK",), "COMMIT"),
    ("SAVEPOINT part", ("ROLLBACK TO part", "RELEASE part"), "RELEASE part"),
)


class Store:
    """One connection, one lock: requests take turns."""

    def __init__(self, path: str) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-4000;" + _TABLES)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def clear(self) -> None:
        """Forget everything but the seed."""
        with self.writing():
            for (table,) in self.run("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'knobs'"):
                self.run(f"DELETE FROM {table}")  # noqa: S608 - our own tables
            self.run("DELETE FROM knobs WHERE name <> 'seed'")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Everything inside is one change. An exception undoes it. Inside another change: that part of it."""
        with self._lock:
            begin, undo, keep = _STEPS[min(self._depth, len(_STEPS) - 1)]
            self._db.execute(begin)
            self._depth += 1
            try:
                yield
            except BaseException:
                for step in undo:
                    self._db.execute(step)
                raise
            else:
                self._db.execute(keep)
            finally:
                self._depth -= 1

    def run(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def put(self, kind: str, account: str, thing: Thing) -> None:
        """Keep a new thing, or its new shape."""
        data = json.dumps(thing, separators=(",", ":"))
        self.run(
            "INSERT INTO things (id, kind, account, created, data) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET data = excluded.data",
            thing["id"], kind, account, thing.get("created", 0), data,
        )  # fmt: skip
        self.run("DELETE FROM marks WHERE id = ?", thing["id"])
        for field in MARKED:
            if isinstance(thing.get(field), str):
                self.run("INSERT INTO marks VALUES (?, ?, ?)", field, thing[field], thing["id"])

    def get(self, thing_id: str) -> tuple[str, str, Thing] | None:
        """Its kind, its account ("" is the platform) and itself."""
        rows = self.run("SELECT kind, account, data FROM things WHERE id = ?", thing_id)
        return (rows[0][0], rows[0][1], json.loads(rows[0][2])) if rows else None

    def seq(self, thing_id: str) -> int | None:
        rows = self.run("SELECT seq FROM things WHERE id = ?", thing_id)
        return rows[0][0] if rows else None

    def newest(self, kind: str, account: str, *, below: int = 2**62, batch: int = 200) -> Iterator[tuple[int, Thing]]:
        """Things of a kind from the newest down, with their sequence numbers."""
        while True:
            rows = self.run(
                "SELECT seq, data FROM things WHERE kind = ? AND account = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
                kind, account, below, batch,
            )  # fmt: skip
            for seq, data in rows:
                yield seq, json.loads(data)
            if len(rows) < batch:
                return
            below = rows[-1][0]

    def marked(self, kind: str, account: str | None, field: str, value: str) -> list[tuple[int, Thing]]:
        """Things of a kind whose field has this value, newest first. ``account=None`` looks in every account."""
        rows = self.run(
            "SELECT t.seq, t.data FROM marks m JOIN things t ON t.id = m.id "
            "WHERE m.field = ? AND m.value = ? AND t.kind = ? AND t.account = COALESCE(?, t.account) "
            "ORDER BY t.seq DESC",
            field, value, kind, account,
        )  # fmt: skip
        return [(seq, json.loads(data)) for seq, data in rows]

    def count(self, name: str) -> int:
        """The next number of a counter, from 1."""
        number = int(self.knob(f"count:{name}", 0)) + 1
        self.set_knob(f"count:{name}", number)
        return number

    def knob(self, name: str, default: Any = None) -> Any:
        rows = self.run("SELECT value FROM knobs WHERE name = ?", name)
        return json.loads(rows[0][0]) if rows else default

    def set_knob(self, name: str, value: Any) -> None:
        self.run("INSERT INTO knobs VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                 name, json.dumps(value))  # fmt: skip
