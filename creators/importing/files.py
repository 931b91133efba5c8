"""Opens what was given (a folder or one CSV, gzipped or not) and reads it row by row without giving up early."""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[str, int, int], None]


class ImportFailed(Exception):
    """The import can't go on at all; nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong with one row; rows are counted as a spreadsheet does, the header being row 1."""

    file: str
    row: int
    column: str
    problem: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows are: creators always, posts and comment figures when the folder has them."""

    creators: Path
    posts: Path | None = None
    comments: Path | None = None


def find_source(path: Path) -> Source:
    """A folder with creators.csv(.gz), or one CSV file of creators."""
    if path.is_file():
        return Source(path)
    if not path.is_dir():
        raise ImportFailed(f"There is no folder or file at {path}.")
    creators = _either(path, "creators")
    if creators is None:
        raise ImportFailed(f"{path} has no creators.csv or creators.csv.gz.")
    source = Source(creators, _either(path, "posts"), _either(path, "comment_stats"))
    if source.comments and not source.posts:
        raise ImportFailed(f"{path} has comment figures but no posts.csv or posts.csv.gz for them.")
    return source


def _either(folder: Path, stem: str) -> Path | None:
    return next((file for end in (".csv.gz", ".csv") if (file := folder / f"{stem}{end}").is_file()), None)


def read_rows(
    path: Path, *, needed: Mapping[str, Sequence[str]], issues: list[Issue], progress: Progress | None = None
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (row number, cells by column) of every row of the right shape; the others become issues."""
    raw = _open_raw(path)
    with raw, _open_text(path, raw) as text:
        reader = csv.reader(text)
        header = _header(path, reader, needed)
        row = 1
        for cells in _lines(path, reader, issues):
            row += 1
            if progress and row % 1_000 == 0:
                progress(path.name, row - 1, raw.tell())
            if cells is None or not cells:
                continue
            problem = _shape_problem(cells, len(header))
            if problem:
                issues.append(Issue(path.name, row, "", problem))
            else:
                yield row, dict(zip(header, cells, strict=True))
        if progress:
            progress(path.name, row - 1, path.stat().st_size)


def _open_raw(path: Path) -> io.BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise ImportFailed(f"{path} can't be opened: {error.strerror}.") from error


def _open_text(path: Path, raw: io.BufferedReader) -> io.TextIOWrapper:
    """Broken UTF-8 comes through as marks, so that only its row is lost."""
    packed = raw.peek(2)[:2] == b"\x1f\x8b"
    if path.suffix == ".gz" and not packed:
        raise ImportFailed(f"{path.name} is not a gzip file.")
    stream = gzip.GzipFile(fileobj=raw) if packed else raw
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _header(path: Path, reader: Iterator[list[str]], needed: Mapping[str, Sequence[str]]) -> list[str]:
    try:
        header = [name.strip().lower() for name in next(reader, [])]
    except (csv.Error, EOFError, OSError, zlib.error) as error:
        raise ImportFailed(f"{path.name} can't be read: {error}.") from error
    missing = [name for name, also in needed.items() if not {name, *also} & set(header)]
    if missing:
        found = ", ".join(header)[:200].encode("ascii", "replace").decode() or "nothing"
        raise ImportFailed(f"{path.name} lacks the column {', '.join(missing)}. Its first line has: {found}.")
    twice = {name for name in header if header.count(name) > 1}
    if twice:
        raise ImportFailed(f"{path.name} has the column {', '.join(sorted(twice))} twice.")
    return header


def _lines(path: Path, reader: Iterator[list[str]], issues: list[Issue]) -> Iterator[list[str] | None]:
    """The reader's rows; a row it can't take is an issue, a file that ends too soon is the end of the import."""
    row = 1
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            issues.append(Issue(path.name, row, "", f"can't be read: {error}; is a quotation mark left open?"))
            yield None
        except (EOFError, zlib.error, OSError) as error:
            raise ImportFailed(
                f"{path.name} is damaged or cut short after row {row - 1} ({error}). Nothing was imported."
            ) from error
        else:
            yield cells


def _shape_problem(cells: list[str], width: int) -> str:
    if len(cells) != width:
        return f"has {len(cells)} cells where the first line has {width}"
    whole = "".join(cells)
    if "\0" in whole:
        return "holds a NUL character"
    if not whole.isascii():
        try:
            whole.encode("utf-8")
        except UnicodeEncodeError:
            return "is not UTF-8 text"
    return ""
