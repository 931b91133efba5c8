"""Meaning as numbers: texts become unit vectors of 384 numbers, on this machine, without a network.

Everything here may be imported anywhere; the model itself runs in a short-lived process of its own (ADR 4).
"""

import os

from creators.embedding.apart import build, current, encode
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
from creators.embedding.lexical import LEXICAL
from creators.embedding.vectors import mean_by_owner, pack, unpack

__all__ = [
    "DIMENSIONS",
    "LEXICAL",
    "LIGHT",
    "MODEL",
    "EmbeddingError",
    "ModelMissingError",
    "build",
    "current",
    "encode",
    "light_folder",
    "mean_by_owner",
    "model_path",
    "pack",
    "ready",
    "unpack",
]

# onnxruntime would tell its maker of every use, and leave a file in the temporary folder. Read at its import.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
