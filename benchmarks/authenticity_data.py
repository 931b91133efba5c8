"""Makes creators/data/authenticity_norms.json and account_model.json anew, from files that are not in the repository.

    python -m benchmarks.authenticity_data --version 1 --folder FOLDER --accounts CSV …

Only means, variances and coefficients are written. Creators and accounts in them are nobody in particular.
"""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from creators.authenticity.accounts import FEATURES
from creators.authenticity.norms import DATA, parsed
from creators.evaluation.accounts import means
from creators.evaluation.coverage import quantiles
from creators.evaluation.folder import read_evidence
from creators.evaluation.labelled import Labelled, read_accounts
from creators.evaluation.logistic import RIDGE, fit
from creators.evaluation.norms import document

NORMS_HOW = (
    "Means, variances and quantiles of {creators:,} Instagram creators with {posts:,} posts, 2012-2019 (a sample of "
    "the research data of Kim et al., WWW 2020). Made by benchmarks/authenticity_data.py with the formulas in "
    "creators/evaluation/norms.py. Weights, and all of growth, saturation and paid_posts, are set by hand."
)
MODEL_HOW = (
    "Ridge logistic regression (ridge {ridge}) on the features of creators/authenticity/accounts.py; in each file fake "
    "and real accounts weigh the same in all, and the files weigh the same. Made by benchmarks/authenticity_data.py."
)


def norms_document(folder: Path, version: str) -> dict[str, Any]:
    """What is usual, with the width of the bands."""
    everybody = read_evidence(folder)
    said = document(everybody, version=version)
    together, z80, z95 = (round(value, 3) for value in quantiles(everybody, parsed(said)))
    how = NORMS_HOW.format(creators=len(everybody), posts=sum(len(one.posts) for one in everybody))
    return {"version": version, "how": how} | said | {"together": together, "z80": z80, "z95": z95}


def model_document(files: Sequence[Labelled], version: str) -> dict[str, Any]:
    """One model of all files."""
    middle = np.mean([means(file.features) for file in files], axis=0)
    features = np.concatenate([np.where(np.isnan(file.features), middle, file.features) for file in files])
    labels = np.concatenate([file.labels for file in files])
    weights = np.concatenate([_weights(file) for file in files])
    beta = fit(features, labels, weights=weights)
    return {
        "version": version,
        "how": MODEL_HOW.format(ridge=RIDGE),
        "learned_from": [
            {"file": file.name, "sha256": file.sha256, "accounts": len(file), "fake": int(file.labels.sum())}
            for file in files
        ],
        "intercept": round(float(beta[0]), 4),
        "features": {
            name: {"weight": round(float(weight), 4), "mean": round(float(mean), 4)}
            for name, weight, mean in zip(FEATURES, beta[1:], middle, strict=True)
        },
    }


def _weights(file: Labelled) -> Any:
    fake = file.labels > 0.5
    per_label = np.where(fake, 1 / fake.sum(), 1 / (~fake).sum())
    return 250 * per_label


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--version", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--accounts", type=Path, nargs="+", required=True)
    said = parser.parse_args()
    documents = {
        "authenticity_norms.json": norms_document(said.folder, said.version),
        "account_model.json": model_document([read_accounts(path) for path in said.accounts], said.version),
    }
    for name, document_ in documents.items():
        (DATA / name).write_text(json.dumps(document_, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"Wrote {DATA / name}")


if __name__ == "__main__":
    main()
