"""Which embedding models this version knows and where their files lie."""

from importlib.util import find_spec
from pathlib import Path

MODEL = "all-MiniLM-L6-v2/int8/1"
LIGHT = "wordllama-256/1"
PACKAGE = "wordllama"  # of the light model
WEIGHTS, WORDS = "weights/l2_supercat_256.safetensors", "tokenizers/l2_supercat_tokenizer_config.json"
DIMENSIONS = 384


class EmbeddingError(RuntimeError):
    """The model's process ended with an error; its last words are the message."""


class ModelMissingError(EmbeddingError):
    """The weights or the built model are not where they should be; ranking goes on without them."""


def model_path(data_dir: Path | str) -> Path:
    """Another version has another name, so that both can lie side by side while vectors are renewed."""
    return Path(data_dir) / "models" / f"{MODEL.replace('/', '-')}.onnx"


def ready(data_dir: Path | str) -> bool:
    """The model of this version is built and can be loaded."""
    return model_path(data_dir).is_file()


def light_folder() -> Path | None:
    """Where the light model lies, without importing its package; None where that is not installed or lacks a file."""
    spec = find_spec(PACKAGE)
    folder = Path(next(iter(spec.submodule_search_locations or ()), "")) if spec else Path()
    return folder if (folder / WEIGHTS).is_file() and (folder / WORDS).is_file() else None
