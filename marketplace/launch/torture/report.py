"""The table at the end, and which promises were broken."""

from typing import Any

from rich.table import Table

MOST_SECONDS = 120.0


def broken(figures: dict[str, Any]) -> list[str]:
    """Broken promises in words; none is what we want."""
    seconds = figures["seconds_to_settle"]
    kills = sum(figures["kills_by_victim"].values())
    verdicts = {
        f"{figures['created']} of {figures['collaborations']} collaborations were created":
            figures["created"] == figures["collaborations"],
        f"{figures['paid_twice']} paid twice": figures["paid_twice"] == 0,
        f"{figures['lost']} lost": figures["lost"] == 0,
        f"{figures['stuck']} stuck": figures["stuck"] == 0,
        f"ledger less Stripe: {figures['difference']}": not any(figures["difference"].values()),
        f"payees' balances differ by {figures['payees_difference']}": figures["payees_difference"] == 0,
        f"not settled {MOST_SECONDS:.0f} s after the last kill": seconds is not None and seconds <= MOST_SECONDS,
        f"only {kills} of {figures['kills']} kills": kills == figures["kills"],
        **dict.fromkeys(figures["complaints"], False),
    }  # fmt: skip
    return [words for words, kept in verdicts.items() if not kept]


def table(figures: dict[str, Any]) -> Table:
    made = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    made.add_column(style="dim")
    made.add_column(justify="right")
    for name, value in rows(figures):
        made.add_row(name, value)
    return made


def rows(figures: dict[str, Any]) -> list[tuple[str, str]]:
    """Name and value, as people read them."""
    plain = [
        "created", "paid", "released", "refunded", "refunds", "came_too_late", "expired", "payouts", "postings",
        "requests_tried_again", "paid_twice", "lost", "stuck", "payees_difference",
    ]  # fmt: skip
    found = [(name.replace("_", " "), f"{figures[name]:,}") for name in plain]
    found += [(f"paid out, {currency} minor units", f"{minor:,}") for currency, minor in figures["paid_out"].items()]
    found += [(f"ledger − Stripe, {currency}", f"{minor:,}") for currency, minor in figures["difference"].items()]
    kills = ", ".join(f"{count} {name}" for name, count in sorted(figures["kills_by_victim"].items()))
    seconds = figures["seconds_to_settle"]
    return [
        *found,
        ("kills", kills or "none"),
        ("faults of the provider", f"{figures['faults']} %"),
        ("seconds to settle after the last kill", "too many" if seconds is None else f"{seconds:.0f}"),
        ("seed", str(figures["seed"])),
        ("load of the machine", f"{figures['load']:.1f}"),
    ]
