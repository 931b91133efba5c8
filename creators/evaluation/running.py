"""The whole evaluation as one report."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from creators.authenticity import norms, score
from creators.authenticity.accounts import account_model
from creators.authenticity.evidence import Evidence
from creators.evaluation.accounts import measured
from creators.evaluation.coverage import coverage
from creators.evaluation.folder import read_evidence
from creators.evaluation.frauds import noticed
from creators.evaluation.labelled import read_accounts
from creators.evaluation.tables import FolderError

Tell = Callable[[str], None]
CANNOT_KNOW = (
    "Labelled accounts test the account model; they prove nothing about an audience.",
    "From one file to another is the honest figure: within a file, a model learns how that file was collected.",
    "Injected frauds are as we imagine them; a patient fraud that stays within what is usual is not seen.",
    "Followers bought at x1.5, or likes alone, look like a quiet or a popular creator: ratios alone convict nobody.",
    "One network, 2012-2019, one or two posts a creator. Growth, saturation and paid posts could not be tested here.",
    "The features were chosen, and the width of the bands set, with these files in sight: new data may do worse.",
)


def evaluate(
    accounts: Sequence[Path], folder: Path | None, *, columns: Mapping[str, str], tell: Tell = lambda step: None
) -> dict[str, Any]:
    """Labelled files, a folder of creators, or both. Raises FolderError for what cannot be read."""
    names = [path.name for path in accounts]
    if len(set(names)) < len(names):
        raise FolderError("Two files have the same name: the report could not tell them apart.")
    report: dict[str, Any] = {}
    if accounts:
        tell("accounts")
        report["accounts"] = measured([read_accounts(path, columns) for path in accounts], account_model())
    if folder:
        tell("reading creators")
        report["creators"] = _of_creators(read_evidence(folder), tell)
    return report | {"cannot_know": list(CANNOT_KNOW)}


def _of_creators(everybody: Sequence[Evidence], tell: Tell) -> dict[str, Any]:
    by = norms()
    tell("scoring")
    started = perf_counter()
    scored = [score(evidence, by) for evidence in everybody]
    seconds = perf_counter() - started
    enough = [one for one in scored if one.is_enough]
    tell("bands")
    bands = coverage(everybody, by)
    tell("frauds")
    return {
        "norms": by.version,
        "creators": len(scored),
        "scored_in_seconds": round(seconds, 2),
        "with_enough_evidence": len(enough),
        "mean_score": _mean([one.score for one in enough]),
        "mean_band": _mean([one.high - one.low for one in enough]),
        "mean_band_unknown": _mean([one.high - one.low for one in scored if not one.posts]),
        "coverage": bands,
        "frauds": noticed(everybody, by),
    }


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 1) if values else None
