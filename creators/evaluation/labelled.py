"""A CSV of accounts labelled as fake or real: columns by many names, and clear words where it is broken."""

import csv
import gzip
import hashlib
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creators.authenticity.accounts import FEATURES, Account
from creators.evaluation.tables import FolderError

Numbers = NDArray[np.float64]
# Our name → what others call it, in small letters and digits only.
COLUMNS: dict[str, tuple[str, ...]] = {
    "fake": ("fake", "isfake", "label", "isbot", "bot"),
    "has_picture": ("haspicture", "profilepic", "userhasprofilpic", "userhasprofilepic", "hasprofilepic"),
    "digit_share": ("digitshare", "numslengthusername"),
    "digits": ("digits", "usernamedigitcount"),
    "name_length": ("namelength", "usernamelength"),
    "bio_length": ("biolength", "descriptionlength", "userbiographylength"),
    "posts": ("posts", "usermediacount", "mediacount", "postscount"),
    "followers": ("followers", "userfollowercount", "followerscount", "followercount"),
    "following": ("following", "userfollowingcount", "follows", "followees", "followingcount"),
}
EVIDENCE = ("has_picture", "digit_share", "digits", "bio_length", "posts", "followers", "following")
YES, NO = {"1", "1.0", "true", "yes", "fake", "bot"}, {"0", "0.0", "false", "no", "real", "genuine", "human"}
UNKNOWN = {"", "nan", "na", "n/a", "null", "none", "-", "?", "unknown"}
LEAST_OF_EACH, LEAST_COLUMNS = 10, 2


@dataclass(frozen=True)
class Labelled:
    """One file: a row of FEATURES for each account (NaN unknown), 1 for those labelled fake, and what was odd in it."""

    name: str
    sha256: str
    features: Numbers
    labels: Numbers
    warnings: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)


def read_accounts(path: Path, named: Mapping[str, str] | None = None) -> Labelled:
    """The file; `named` (our column → the file's) goes before the names we know. Raises FolderError: what to mend."""
    raw = _bytes(path)
    rows = _rows(path, raw)
    columns = _columns(path, list(rows[0]), named or {})
    labels = np.array([_label(path, line, row[columns["fake"]]) for line, row in enumerate(rows, 2)])
    fakes = int(labels.sum())
    if min(fakes, len(labels) - fakes) < LEAST_OF_EACH:
        counts = f"{fakes} fake and {len(labels) - fakes} real accounts"
        raise FolderError(f"{path} has {counts}; it takes {LEAST_OF_EACH} of each to measure anything.")
    values, warnings = _values(path, rows, columns)
    features = np.array([_features(account) for account in _accounts(values, len(rows))])
    return Labelled(path.name, hashlib.sha256(raw).hexdigest(), features, labels, tuple(warnings))


def columns_named(text: str) -> dict[str, str]:
    """ "followers=fans,fake=label" as a mapping. Raises FolderError for names we do not have."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        ours, given, theirs = (part.strip() for part in pair.partition("="))
        if not given or not theirs or ours not in COLUMNS:
            raise FolderError(f"{pair!r} is not OUR=THEIRS. Our columns are: {', '.join(COLUMNS)}.")
        found[ours] = theirs
    return found


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except FileNotFoundError:
        raise FolderError(f"There is no file {path}.") from None
    except (OSError, EOFError) as error:
        raise FolderError(f"{path} cannot be read: {error}") from error


def _rows(path: Path, raw: bytes) -> list[dict[str, str]]:
    try:
        text = raw.decode("utf-8-sig")
        head = text.partition("\n")[0]
        separator = max(",;\t", key=head.count)
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, restval="")
        rows = [{key: value for key, value in row.items() if key is not None} for row in reader]
    except UnicodeDecodeError:
        raise FolderError(f"{path} is not text in UTF-8.") from None
    except csv.Error as error:
        raise FolderError(f"{path} is not a CSV file: {error}") from error
    if not rows:
        raise FolderError(f"{path} has no rows below its first line.")
    return rows


def _columns(path: Path, given: Sequence[str], named: Mapping[str, str]) -> dict[str, str]:
    missing = [theirs for theirs in named.values() if theirs not in given]
    if missing:
        raise FolderError(f"{path} has no column {', '.join(map(repr, missing))}. It has: {', '.join(given)}.")
    short = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in given if name}
    found = {
        ours: next(short[also] for also in names if also in short)
        for ours, names in COLUMNS.items()
        if short.keys() & names
    }
    found |= named
    known = [ours for ours in EVIDENCE if ours in found]
    if "fake" not in found or len(known) < LEAST_COLUMNS:
        lacks = "says nowhere who is fake" if "fake" not in found else "has too few columns we can read"
        raise FolderError(
            f"{path} {lacks}. It has: {', '.join(given)}. Say which is which: --columns fake=…,followers=… "
            f"(ours: {', '.join(COLUMNS)})."
        )
    return found


def _label(path: Path, line: int, cell: str) -> float:
    said = (cell or "").strip().lower()
    if said not in YES | NO:
        raise FolderError(f"{path} line {line}: the label {cell!r} is neither 1 (fake) nor 0 (real).")
    return float(said in YES)


def _values(
    path: Path, rows: Sequence[Mapping[str, str]], columns: Mapping[str, str]
) -> tuple[dict[str, list[float | None]], list[str]]:
    values: dict[str, list[float | None]] = {}
    warnings = []
    for ours, theirs in columns.items():
        if ours == "fake":
            continue
        cells = [_cell(row[theirs]) for row in rows]
        wrong = sum(
            cell is None and (row[theirs] or "").strip().lower() not in UNKNOWN
            for cell, row in zip(cells, rows, strict=True)
        )
        if wrong > len(rows) / 2:
            raise FolderError(
                f"{path}: the column {theirs!r} (our {ours}) holds no numbers in {wrong} of {len(rows)} rows."
            )
        unknown = sum(cell is None for cell in cells)
        if unknown:
            warnings.append(
                f"{theirs}: {unknown} of {len(rows)} cells are not known ({wrong} hold something else than a count)"
            )
        values[ours] = cells
    absent = [
        ours
        for ours in EVIDENCE
        if ours not in values and ours != "digits" and not (ours == "digit_share" and "digits" in values)
    ]
    return values, warnings + [f"no column for {ours}: counted as not known" for ours in absent]


def _cell(text: str | None) -> float | None:
    said = (text or "").strip().lower()
    if said in YES | NO and not said[:1].isdigit():
        return float(said in YES)
    try:
        value = float(said)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _accounts(values: Mapping[str, Sequence[float | None]], count: int) -> list[Account]:
    def at(name: str, row: int) -> float | None:
        return values[name][row] if name in values else None

    def digits(row: int) -> float | None:
        share, number, length = at("digit_share", row), at("digits", row), at("name_length", row)
        return share if share is not None or number is None else number / max(length or 10.0, 1.0)

    return [
        Account(
            has_picture=at("has_picture", row),
            digit_share=digits(row),
            bio_length=at("bio_length", row),
            posts=at("posts", row),
            followers=at("followers", row),
            following=at("following", row),
        )
        for row in range(count)
    ]


def _features(account: Account) -> list[float]:
    found = (feature(account) for feature in FEATURES.values())
    return [float("nan") if value is None else value for value in found]
