"""How well real collaborators are found: arithmetic over a folder of creators, apart from the running product."""

from campaigns.evaluation.learning import ROUNDS
from campaigns.evaluation.printed import plain, show
from campaigns.evaluation.running import Tell, evaluate
from campaigns.evaluation.trials import Shape
from creators.evaluation.tables import FolderError

__all__ = ["ROUNDS", "FolderError", "Shape", "Tell", "evaluate", "plain", "show"]
