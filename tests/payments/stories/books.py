"""The books of a whole story as a table that a person can check with a pencil."""

from collections.abc import Callable

from marketplace.kit.money import Money
from payments.models import Account, Entry, Hold, Wallet
from payments.states import GUARDED
from tests.plugins.sandbox import Bank

Story = Callable[[Bank], None]
WIDTH = 18


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def table() -> str:
    """Every posting in order, its lines under it: side, account of the chart, whose, amount."""
    names = owners()
    lines: list[str] = []
    last = None
    for entry in Entry.objects.select_related("posting").order_by("posting_id", "pk"):
        if entry.posting_id != last:
            last = entry.posting_id
            lines.append(entry.posting.kind)
        side = "Dr" if entry.minor > 0 else "Cr"
        whose = names.get(entry.owner, "")
        assert bool(whose) == (entry.chart in GUARDED), entry
        lines.append(f"  {side} {entry.chart:{WIDTH}} {whose:10} {abs(entry.money)!s:>12}")
    return "\n".join(lines) + "\n"


def owners() -> dict[str, str]:
    """Public id → a name that is the same in every run."""
    found = {account.public_id: account.name for account in Account.objects.all()}
    for kind, rows in (("hold", Hold.objects.order_by("pk")), ("wallet", Wallet.objects.order_by("pk"))):
        found |= {row.public_id: f"{kind} {number}" for number, row in enumerate(rows, start=1)}
    return found
