"""What one run counted and found. In a dry run a mismatch is only remembered; else it opens a case."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from marketplace.kit.money import Money
from payments.cases import clear_case, open_case
from payments.models import Account
from payments.states import CaseKind

Tell = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that is not as it must be."""

    kind: CaseKind
    key: str
    text: str


@dataclass(slots=True)
class Report:
    """``keep`` says whether cases are opened and the operator's own moves booked; ``tell`` hears of progress."""

    keep: bool = True
    tell: Tell = lambda step, count: None
    counts: Counter[str] = field(default_factory=Counter)
    found: list[Mismatch] = field(default_factory=list)
    opened: int = 0
    waiting: list[int] = field(default_factory=list)
    trouble: str = ""

    def count(self, step: str, number: int = 1) -> None:
        self.counts[step] += number
        self.tell(step, self.counts[step])

    def mismatch(
        self,
        kind: CaseKind,
        key: str,
        text: str,
        *,
        things: Collection[str],
        account: Account | None = None,
        money: Money | None = None,
        **facts: Any,
    ) -> None:
        """Something does not agree: a person must look."""
        self.found.append(Mismatch(kind, key, text))
        if self.keep:
            self.opened += open_case(
                kind=kind, key=key, text=text, things=things, account=account, money=money, facts=facts
            )

    def agrees(self, key: str) -> None:
        """What may have been wrong before is right now."""
        if self.keep:
            clear_case(key)
