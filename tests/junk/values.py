"""Things nobody should type, and what an answer to them must never be."""

from __future__ import annotations

import json
from typing import Any

from tests.permissions.asking import Outcome

NINES = "9" * 400
LINES = "A\r\nBcc: x@example.org\u2028B"
RTL = "\u202e\u0645\u0631\u062d\u0628\u0627\u202c"
FAMILY = "👩‍👩‍👧‍👦" * 5

# For a field of a JSON body.
VALUES: list[Any] = [
    None, True, False, 0, -1, -5, 10**15, 10**18, 10**400, 1.5, 1e300, -0.0, "", "  ", "\t\n", "null", "true", "-1",
    "0x10",
    "1e999", "NaN", "Infinity", NINES, "x" * 5_000, "x" * 200_000, FAMILY, RTL, "ﬀ", "\u200b", "\ufeff", "\x1b[31m",
    "\x07", LINES,
    "<script>alert(1)</script>", "{{ 7*7 }}", "'; DROP TABLE x; --", "../../etc/passwd", "javascript:alert(1)",
    "http://[::1", "https://", "https://ex ample.org", "//x", "a@b", "2020-02-31", "0000-00-00", "9999-12-31",
    "2026-13-01", "-0001-01-01", "1e4-01-01", "EUR", "XXX", "eur", "€", "DE", "ZZ", "de", "reel", [], {}, [None], [[]],
    [{}], {"a": 1}, [1, "a", None], ["x"] * 500, {"id": "x"}, {"minor": 1}, [[[[[[]]]]]],
]  # fmt: skip

# For a query string or a form's field.
TEXTS = [
    "", " ", "NaN", "inf", "-inf", "-1", "0", "1e999", "1_000", "٣", "0x10", NINES, "-" + NINES, "1.5", "1,5",
    "a" * 3_000,
    FAMILY, RTL, LINES, "\u200b", "\x1b", "[]", "{}", "null", "../..", "%", "%25", "%zz", "'", '"', "\\", "<script>",
    "2020-02-31", "9999-99-99", "EUR", "XXX", "engagement", "true",
]  # fmt: skip

# Whole bodies that claim to be JSON.
BODIES = [
    b"", b" ", b"{", b"}", b"[]", b"[{}]", b'"x"', b"null", b"true", b"1", b"NaN", b'{"a": Infinity}', b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf{}", b'{"title": "\\ud800"}', b'{"title": "\\u0000"}', b'{"\\u0000": 1}', b'{"\\udfff": 1}',
    b"[" * 5_000, b'{"a":' * 5_000, b"[" * 40 + b"]" * 40, b'{"version": ' + b"9" * 5_000 + b"}", b"'a'", b"{'a': 1}",
    b'{"a": 1,}', b"\xed\xa0\x80", b'{"reason": "' + b"x" * 1_100_000 + b'"}', b'{"a": 1}{"b": 2}', b"<xml/>",
]  # fmt: skip


def pick(values: list[Any], seed: int, count: int) -> list[Any]:
    """A few of the values, different for every seed and the same in every run; together the seeds use them all."""
    return [values[(seed * count + turn) % len(values)] for turn in range(count)]


def complaint(got: Outcome) -> str:
    """What is wrong with this answer to bad input; empty when nothing is."""
    if got.status >= 500:
        return f"answered {got.gist}"
    if b"Traceback" in got.body or b"most recent call last" in got.body:
        return "shows a traceback"
    if got.status >= 400 and got.changed:
        return f"refused with {got.status}, and yet it changed {got.changed}"
    return ""


def api_complaint(got: Outcome) -> str:
    """The same for the API, whose every refusal is problem+json with a code."""
    if got.status >= 400:
        try:
            told = json.loads(got.body)
        except ValueError:
            return f"refused without JSON: {got.gist}"
        if not (isinstance(told, dict) and told.get("code") and told.get("status") == got.status):
            return f"refused without a code: {got.gist}"
    return complaint(got)
