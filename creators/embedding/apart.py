"""Runs the model in a process of its own, so that no web or worker process ever holds its 125 MB."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creators.embedding.artefact import (
    DIMENSIONS,
    LIGHT,
    MODEL,
    EmbeddingError,
    ModelMissingError,
    light_folder,
    model_path,
    ready,
)
from creators.embedding.lexical import LEXICAL, lexical

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 900


def build(data_dir: Path | str) -> Path:
    """Make the model file unless it is there (about two seconds, once)."""
    if not ready(data_dir):
        _run("build", data_dir, b"", threads=1)
    return model_path(data_dir)


def current(data_dir: Path | str, *, light: bool = False) -> str:
    """The name of the model to use right now, the light one where it is chosen; the letters until it is there."""
    if light:
        return LIGHT if light_folder() else LEXICAL
    return MODEL if ready(data_dir) else LEXICAL


def encode(texts: Sequence[str], *, data_dir: Path | str, model: str = MODEL, threads: int = 1) -> NDArray[np.float32]:
    """One unit vector per text; a text that says nothing gets zeros, which compare with nothing."""
    if model == LEXICAL:
        return lexical(texts)
    if model == LIGHT and light_folder() is None:
        raise ModelMissingError("The light model is not installed.")
    if model != LIGHT and not ready(data_dir):
        raise ModelMissingError(f"No model at {model_path(data_dir)}: build it first.")
    if not texts:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    answer = _run("light" if model == LIGHT else "encode", data_dir, json.dumps(list(texts)).encode(), threads=threads)
    return np.frombuffer(answer, dtype=np.float32).reshape(len(texts), DIMENSIONS).copy()


def _run(verb: str, data_dir: Path | str, question: bytes, *, threads: int) -> bytes:
    command = [sys.executable, "-m", "creators.embedding", verb, str(Path(data_dir).resolve()), str(threads)]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=question, capture_output=True, cwd=ROOT, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise EmbeddingError(f"The embedding process took longer than {PATIENCE_S} s.") from error
    if done.returncode:
        raise EmbeddingError(done.stderr.decode(errors="replace").strip()[-500:])
    return done.stdout
