"""Files of an evaluation folder as rows: a missing or broken one is said, never guessed."""

import csv
import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


class FolderError(ValueError):
    """The folder or file cannot be evaluated; the message says what to mend."""


def table(folder: Path, name: str, needed: Sequence[str]) -> list[dict[str, str]]:
    """All rows of one gzipped CSV. Raises FolderError where it is missing, broken, empty, or lacks a column."""
    path = folder / name
    try:
        rows = list(_rows(path))
    except FileNotFoundError:
        raise FolderError(f"There is no {name} in {folder}.") from None
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise FolderError(f"{path} cannot be read: {error}") from error
    missing = [column for column in needed if not rows or rows[0].get(column) is None]
    if missing:
        raise FolderError(f"{path} has no rows." if not rows else f"{path} lacks {', '.join(missing)}.")
    return rows


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def numbers(rows: Sequence[dict[str, str]], name: str) -> Numbers:
    """One column as floats; what is no number is not known."""
    return np.array([number(row.get(name)) for row in rows])


def number(text: str | None) -> float:
    """A cell as a float; NaN where it is none."""
    try:
        return float(text or "nan")
    except ValueError:
        return float("nan")
