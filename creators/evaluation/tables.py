"""Files of an evaluation folder as rows: a missing or broken one is said, never guessed."""

import csv
import gzip
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


class FolderError(ValueError):
    """The folder or file cannot be evaluated; the message says what to mend."""


def table(folder: Path, name: str, needed: Sequence[str], *, may_be_empty: bool = False) -> list[dict[str, str]]:
    """All rows of one gzipped CSV. Raises FolderError where it is missing, broken, lacks a column or, unless it may,
    rows."""
    path = folder / name
    try:
        columns, rows = _rows(path)
    except FileNotFoundError:
        raise FolderError(f"There is no {name} in {folder}.") from None
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise FolderError(f"{path} cannot be read: {error}") from error
    if missing := [column for column in needed if column not in columns]:
        raise FolderError(f"{path} lacks {', '.join(missing)}.")
    if not rows and not may_be_empty:
        raise FolderError(f"{path} has no rows.")
    return rows


def _rows(path: Path) -> tuple[Sequence[str], list[dict[str, str]]]:
    """The names of the columns, and each row by them; where a row ends early, the rest of it is empty."""
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restval="")
        return reader.fieldnames or (), list(reader)


def numbers(rows: Sequence[dict[str, str]], name: str) -> Numbers:
    """One column as floats; what is no number is not known."""
    return np.array([number(row.get(name)) for row in rows])


def number(text: str | None) -> float:
    """A cell that counts or measures something; NaN where it holds no such number."""
    try:
        value = float(text or "nan")
    except ValueError:
        return float("nan")
    return value if 0 <= value < float("inf") else float("nan")
