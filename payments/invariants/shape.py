"""What an invariant is made of."""

from dataclasses import dataclass

from payments.states import CaseKind, Severity


@dataclass(frozen=True, slots=True)
class Invariant:
    """``sql`` answers with the rows that break it: what (a name that a person can look up), and what is wrong.

    One statement sees one moment, and every service writes all its rows in one transaction: what is found is wrong.
    """

    name: str
    sentence: str
    sql: str
    severity: Severity = Severity.CRITICAL
    kind: CaseKind = CaseKind.INVARIANT


def late(name: str, sentence: str, sql: str) -> Invariant:
    """One that is broken by waiting, not by a wrong sum."""
    return Invariant(name, sentence, sql, Severity.WARNING)
