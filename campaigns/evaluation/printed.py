"""The report as tables for a terminal, and as JSON that every reader takes."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Column, Table

TITLES = {
    "cold": "Cold: the brand is new here",
    "warm": "Warm: half of the brand's collaborators are known",
    "parts": "The engine less a part, and the learned order with one group of features more each time",
}
ADDS = "What each part adds, brand by brand (* zero is outside its interval)"
SHOWN = "Who is shown: share of the top 50 ÷ of the real ones"
SAID = "{creators:,} creators, {briefs} briefs, learned from {learned_from} brands, {seconds} s, load {load}, {model}"


def show(report: dict[str, Any], console: Console) -> None:
    """All tables, each value with half the width of its 95 % interval over brands."""
    for name, title in TITLES.items():
        console.print(_measures(report[name], title))
    if report["adds"]:
        console.print(
            _measures(
                report["adds"], "What each part adds, brand by brand (* the interval is beside zero)", signed=True
            )
        )
    console.print(_tiers(report["shown"]))
    console.print(SAID.format(**report), highlight=False)
    if left := report["briefs_left_out"]:
        console.print(f"Left out, as fewer than two creators with posts worked with the brand: {', '.join(left)}.")
    for note in report["notes"]:
        console.print(note)


def plain(value: Any) -> Any:
    """The same without "not a number", which JSON does not have: null."""
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return None if isinstance(value, float) and value != value else value


def _measures(rows: Mapping[str, Any], title: str, *, signed: bool = False) -> Table:
    measures = list(next(iter(rows.values())))
    table = Table(Column(no_wrap=True), *measures, title=title, title_justify="left")
    for ranker, told in rows.items():
        table.add_row(ranker, *(_cell(measure, *told[measure], signed=signed) for measure in measures))
    return table


def _cell(measure: str, value: float, low: float, high: float, *, signed: bool) -> str:
    digits = 1 if measure == "MedR" else 3
    told = f"{value:+.{digits}f}" if signed else f"{value:.{digits}f}"
    star = "*" if signed and (low > 0 or high < 0) else ""
    return f"{_short(told)}{star} ±{_short(f'{(high - low) / 2:.{digits}f}')}"


def _short(number: str) -> str:
    return number.replace("0.", ".", 1) if number.lstrip("+-").startswith("0.") else number


def _tiers(rows: Mapping[str, Any]) -> Table:
    """Share of the top 50 ÷ share of the real collaborators, by tier."""
    first = next(iter(rows.values()))
    tiers = [tier for tier, share in first["candidates"].items() if share > 0]
    table = Table(Column(no_wrap=True), *tiers, "Gini", title=SHOWN, title_justify="left")
    for label, column in (("all candidates, share", "candidates"), ("real collaborators, share", "real")):
        table.add_row(label, *(f"{first[column][tier]:.3f}" for tier in tiers), "")
    for ranker, told in rows.items():
        ratios = ("-" if told["ratio"][tier] != told["ratio"][tier] else f"{told['ratio'][tier]:.2f}" for tier in tiers)
        table.add_row(ranker, *ratios, f"{told['unevenness']:.2f}")
    return table
