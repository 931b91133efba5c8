"""Which embedding model this version uses and where its one file lies."""

from pathlib import Path

MODEL = "all-MiniLM-L6-v2/int8/1"
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
