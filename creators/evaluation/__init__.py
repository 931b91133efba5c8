"""How well authenticity is told, on labelled accounts and real creators: arithmetic apart from the running product."""

from creators.evaluation.running import evaluate
from creators.evaluation.tables import FolderError

__all__ = ["FolderError", "evaluate"]
