"""What a row may say, as a table of columns; reads text into values and says what is wrong in words."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from creators.models import Network
from creators.validity import LANGUAGE_CODES
from marketplace.kit.errors import Invalid
from marketplace.kit.money import EXPONENTS, Money
from marketplace.kit.texts import one_line

COUNT_MAX = 10**12
SAMPLE_MAX = 10**9
_WHOLE = re.compile(r"-?\d+")


class BadCell(ValueError):
    """Why a cell can't be taken, to be read after its column's name."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name with us, other names it may have, how to read it."""

    name: str
    read: Callable[[str], Any]
    also: Sequence[str] = ()
    needed: bool = False


def needed(columns: Sequence[Column]) -> Mapping[str, Sequence[str]]:
    """The columns a file must have, with the other names they may go by."""
    return {column.name: column.also for column in columns if column.needed}


def read_cells(columns: Sequence[Column], cells: Mapping[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The values by our names (None where nothing is said), and (column, problem) for each cell that is wrong."""
    values: dict[str, Any] = {}
    problems: list[tuple[str, str]] = []
    for column in columns:
        name = next((name for name in (column.name, *column.also) if name in cells), column.name)
        text = cells.get(name, "").strip()
        if not text:
            values[column.name] = None
            if column.needed:
                problems.append((name, "is empty"))
            continue
        try:
            values[column.name] = column.read(text)
        except BadCell as error:
            problems.append((name, str(error)))
    return values, problems


def text(longest: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if len(cell) > longest:
            raise BadCell(f"is longer than {longest:,} characters")
        return cell

    return read


def line(longest: int) -> Callable[[str], str]:
    """Text of one line; breaks in it are read as spaces."""
    read = text(longest)
    return lambda cell: read(one_line(cell))


def count(largest: int = COUNT_MAX) -> Callable[[str], int]:
    def read(cell: str) -> int:
        if not _WHOLE.fullmatch(cell):
            raise BadCell(f"is not a whole number: {_shown(cell)}")
        if cell.startswith("-"):
            raise BadCell(f"is negative: {_shown(cell)}")
        if len(cell.lstrip("0")) > 15 or int(cell) > largest:
            raise BadCell(f"is larger than {largest:,}: {_shown(cell)}")
        return int(cell)

    return read


def number(largest: float) -> Callable[[str], float]:
    def read(cell: str) -> float:
        try:
            value = float(cell)
        except ValueError:
            raise BadCell(f"is not a number: {_shown(cell)}") from None
        if not 0 <= value <= largest:
            raise BadCell(f"must be from 0 to {largest:g}: {_shown(cell)}")
        return value

    return read


def flag(cell: str) -> bool:
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if cell.lower() not in known:
        raise BadCell(f"is neither true nor false: {_shown(cell)}")
    return known[cell.lower()]


def day(cell: str) -> date:
    """A day like 2026-11-30, or a month, which stands for its first day."""
    try:
        found = date.fromisoformat(f"{cell}-01" if len(cell) == 7 else cell)
    except ValueError:
        raise BadCell(f"is not a date like 2026-11-30: {_shown(cell)}") from None
    if not found.year >= 1990 or found > datetime.now(tz=UTC).date():
        raise BadCell(f"is not a day from 1990 to today: {_shown(cell)}")
    return found


def one_of(known: Sequence[str], what: str) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if cell.lower() not in known:
            raise BadCell(f"is no {what} we know: {_shown(cell)}")
        return cell.lower()

    return read


def several(read: Callable[[str], str]) -> Callable[[str], list[str]]:
    """Values with “;” between them."""
    return lambda cell: list(dict.fromkeys(read(part.strip()) for part in cell.split(";") if part.strip()))


def country(cell: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", cell):
        raise BadCell(f"is not a country of two letters like DE: {_shown(cell)}")
    return cell.upper()


def currency(cell: str) -> str:
    if cell.upper() not in EXPONENTS:
        raise BadCell(f"is no currency we handle: {_shown(cell)}")
    return cell.upper()


def link(cell: str) -> str:
    if not re.match(r"https?://[^\s/]+\.", cell) or len(cell) > 300:
        raise BadCell(f"is not an address that begins with https://: {_shown(cell)}")
    return cell


def minor(amount: str, code: str) -> int:
    """“80.00” in a currency's minor units."""
    try:
        found = Money.parse(amount, code)
    except Invalid as error:
        raise BadCell(f"is not an amount like 80.00: {_shown(amount)}") from error
    if not found:
        raise BadCell("must be above zero")
    return found.minor


def _shown(cell: str) -> str:
    return repr(cell[:40])


CREATORS = (
    Column("external_id", text(64), also=("creator_id",), needed=True),
    Column("followers", count(), needed=True),
    Column("following", count(), also=("followees",)),
    Column("posts_count", count(), also=("posts",)),
    Column("engagement_rate", number(1)),
    Column("figures_on", day),
    Column("network", one_of(Network.values, "network")),
    Column("handle", text(80), also=("channel",)),
    Column("url", link),
    Column("display_name", line(60), also=("name",)),
    Column("bio", text(1200)),
    Column("country", country),
    Column("town", text(120)),
    Column("languages", several(one_of(sorted(LANGUAGE_CODES), "language"))),
    Column("niches", several(text(48))),
    Column("category", text(48)),
    Column("currency", currency),
    Column("minimum_fee", text(20)),
)
POSTS = (
    Column("external_id", text(80), also=("post_id",), needed=True),
    Column("creator", text(64), also=("creator_id",), needed=True),
    Column("posted_on", day, also=("month",)),
    Column("likes", count()),
    Column("comments", count()),
    Column("kind", text(24), also=("type",)),
    Column("is_disclosed", flag, also=("ad_disclosed",)),
    Column("is_paid", flag, also=("paid_partner",)),
    Column("text", text(20_000)),
)
COMMENTS = (
    Column("post", text(80), also=("post_id",), needed=True),
    Column("loaded", count(SAMPLE_MAX), needed=True),
    Column("fan_comments", count(SAMPLE_MAX)),
    Column("unique_fans", count(SAMPLE_MAX)),
    Column("owner_replies", count(SAMPLE_MAX)),
    Column("replied_to", count(SAMPLE_MAX)),
    Column("emoji_only", count(SAMPLE_MAX)),
    Column("short_or_generic", count(SAMPLE_MAX)),
    Column("mean_words", number(100_000)),
    Column("distinct_texts", count(SAMPLE_MAX), also=("distinct_text",)),
    Column("from_creators", count(SAMPLE_MAX), also=("from_influencers",)),
    Column("commenters", several(text(120))),
)
