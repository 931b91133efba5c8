"""Brings creators in from a folder or a CSV file: bad rows are reported, the rest is kept, twice is once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from creators.importing import tables
from creators.importing.files import ImportFailed, Issue, Progress, Source, find_source, read_rows
from creators.importing.pool import Commenters, Handles, Niches, Towns, creator_row, fee_of, load_niches
from creators.importing.rows import COMMENTS, CREATORS, POSTS, BadCell, Column, needed, read_cells
from creators.importing.tables import Tally
from creators.models import Niche
from creators.refresh import refresh_figures
from creators.services.places import category_niches, load_places
from creators.states import CreatorState

BATCH = 5_000
UNKNOWN_IS_NOT_ZERO = ("mean_words", "distinct_texts", "from_creators")


@dataclass(slots=True)
class Report:
    """What an import did, or would do when it was a dry run."""

    dry_run: bool
    creators: Tally = field(default_factory=Tally)
    posts: Tally = field(default_factory=Tally)
    comments: Tally = field(default_factory=Tally)
    commenters: Tally = field(default_factory=Tally)
    issues: list[Issue] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)

    @property
    def changed(self) -> bool:
        kinds = (self.creators, self.posts, self.comments, self.commenters)
        return any(tally.created or tally.updated for tally in kinds)


@transaction.atomic
def import_creators(
    path: Path,
    *,
    state: str = CreatorState.LISTED,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Read the files, write what is new or different, refresh the figures; all of it or, when it fails, nothing.

    Raises ImportFailed when there is nothing to read, or while another import runs.
    """
    source = find_source(path)
    report = Report(dry_run)
    with connection.cursor() as cursor:
        # One import at a time, and time enough for it; both end with the transaction.
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('import_creators'))")
        if not cursor.fetchone()[0]:
            raise ImportFailed("Another import is running. Start this one again when it is done.")
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
    if not Niche.objects.exists():
        load_places()
    _import_creators(source, report, state, progress)
    _import_posts(source, report, progress)
    _count_skipped(source, report)
    if progress:
        progress("figures", len(report.touched), 0)
    refresh_figures(report.touched)
    if dry_run:
        transaction.set_rollback(True)
    return report


def _import_creators(source: Source, report: Report, state: str, progress: Progress | None) -> None:
    values = _read(source.creators, CREATORS, report, progress)
    for batch in _batches(_creator_rows(source, report, values)):
        tables.stage("given_creators", tables.GIVEN_CREATORS, batch)
        clashes = tables.take_clashes()
        for line, channel in clashes:
            report.issues.append(
                Issue(source.creators.name, line, "handle", f"{channel} is already another creator's channel")
            )
        made, said = tables.merge_creators(state)
        changed = (said | tables.merge_niches() | tables.merge_channels()) - made
        tables.merge_snapshots()
        report.creators.created += len(made)
        report.creators.updated += len(changed)
        report.creators.unchanged += len(batch) - len(clashes) - len(made) - len(changed)
        report.touched |= made | changed


def _creator_rows(source: Source, report: Report, rows: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[list[Any]]:
    niches, towns, handles = load_niches(category_niches()), Towns(), Handles()
    ids: set[str] = set()
    channels: set[tuple[str, str]] = set()
    for line, values in rows:
        channel = (values["network"] or "instagram", (values["handle"] or values["external_id"]).removeprefix("@"))
        problem = _twice("external_id", values["external_id"], ids) or _twice("handle", channel, channels)
        more, wrong = _meaning(values, niches, towns)
        problem = problem or wrong
        if problem:
            report.issues.append(Issue(source.creators.name, line, *problem))
            continue
        ids.add(values["external_id"])
        channels.add(channel)
        yield creator_row(line, values, more, handles.make(values["external_id"]))


def _twice(column: str, key: Any, seen: set[Any]) -> tuple[str, str] | None:
    return (column, "is given twice; the first one counts") if key in seen else None


def _meaning(values: Mapping[str, Any], niches: Niches, towns: Towns) -> tuple[dict[str, Any], tuple[str, str] | None]:
    """The columns that need a look at our tables, or (column, problem)."""
    more: dict[str, Any] = {}
    column = "niches" if values["niches"] else "category"
    try:
        more |= niches.read(values["niches"], values["category"])
        column = "town"
        more |= towns.read(values["town"], values["country"])
        column = "minimum_fee"
        more |= fee_of(values)
    except BadCell as error:
        return {}, (column, str(error))
    return more, None


def _import_posts(source: Source, report: Report, progress: Progress | None) -> None:
    if source.posts is None:
        return
    owners = tables.channels_of_creators()
    creators = dict(owners.values())
    posts: dict[str, int] = {}
    rows = _read(source.posts, POSTS, report, progress)
    for batch in _batches(_post_rows(source.posts.name, report, rows, owners, posts)):
        tables.stage("given_posts", tables.GIVEN_POSTS, batch)
        _count(report, report.posts, len(batch), tables.merge_posts(), creators)
    if source.comments is None:
        return
    rows, people = _read(source.comments, COMMENTS, report, progress), Commenters()
    for batch in _batches(_comment_rows(source.comments.name, report, rows, posts, people)):
        tables.stage("given_comments", tables.GIVEN_COMMENTS, batch)
        _count(report, report.comments, len(batch), tables.merge_comments(), creators)
    for batch in _batches(people.rows()):
        tables.stage("given_commenters", tables.GIVEN_COMMENTERS, batch)
        _count(report, report.commenters, len(batch), tables.merge_commenters(), creators)


def _post_rows(
    file: str,
    report: Report,
    rows: Iterable[tuple[int, dict[str, Any]]],
    owners: Mapping[str, tuple[int, int]],
    posts: dict[str, int],
) -> Iterator[list[Any]]:
    for line, values in rows:
        owner = owners.get(values["creator"])
        if owner is None or values["external_id"] in posts:
            column, problem = (
                ("creator", "is no creator we have") if owner is None else ("external_id", "is given twice")
            )
            report.issues.append(Issue(file, line, column, problem))
            continue
        posts[values["external_id"]] = owner[0]
        disclosed, paid = bool(values["is_disclosed"]), bool(values["is_paid"])
        values |= {
            "channel_id": owner[0],
            "kind": values["kind"] or "",
            "text": values["text"] or "",
            # A paid-partner label is itself a disclosure; a disclosed advert is sponsored.
            "is_disclosed": disclosed or paid,
            "is_sponsored": disclosed or paid,
        }
        yield [values[name] for name in tables.GIVEN_POSTS]


def _comment_rows(
    file: str,
    report: Report,
    rows: Iterable[tuple[int, dict[str, Any]]],
    posts: Mapping[str, int],
    people: Commenters,
) -> Iterator[list[Any]]:
    seen: set[str] = set()
    for line, values in rows:
        channel = posts.get(values["post"])
        if channel is None or values["post"] in seen:
            problem = "is no post of the posts file" if channel is None else "is given twice"
            report.issues.append(Issue(file, line, "post", problem))
            continue
        seen.add(values["post"])
        people.add(channel, values["commenters"] or [])
        counted = [name for name in tables.GIVEN_COMMENTS if name in values and name not in UNKNOWN_IS_NOT_ZERO]
        counts = {name: values[name] or 0 for name in counted}
        whole = {**values, **counts, "channel_id": channel, "post": values["post"]}
        yield [whole[name] for name in tables.GIVEN_COMMENTS]


def _read(
    path: Path, columns: Sequence[Column], report: Report, progress: Progress | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows that can be read, as values; each of the others is skipped with its reasons."""
    for line, cells in read_rows(path, needed=needed(columns), issues=report.issues, progress=progress):
        values, problems = read_cells(columns, cells)
        report.issues += [Issue(path.name, line, column, problem) for column, problem in problems]
        if not problems:
            yield line, values


def _count_skipped(source: Source, report: Report) -> None:
    """A row with three faults is one row."""
    tallies = ((source.creators, report.creators), (source.posts, report.posts), (source.comments, report.comments))
    for path, tally in tallies:
        tally.skipped = len({issue.row for issue in report.issues if path and issue.file == path.name})


def _batches(rows: Iterable[list[Any]]) -> Iterator[list[list[Any]]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


def _count(
    report: Report, tally: Tally, given: int, done: Sequence[tuple[int, bool]], creators: Mapping[int, int]
) -> None:
    created = sum(new for _channel, new in done)
    tally.created += created
    tally.updated += len(done) - created
    tally.unchanged += given - len(done)
    report.touched |= {creators[channel] for channel, _new in done}
