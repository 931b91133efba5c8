"""Authenticity, pure: evidence → a score of 0–100 with its band, the parts that made it, and what would improve it.

How likely it is that the audience is real and the conversation genuine, beside creators of the same network, size and
niche. Residuals, never levels; never a verdict (docs/authenticity.md).
"""

from creators.authenticity.evidence import Evidence, PostEvidence
from creators.authenticity.norms import Norms, norms
from creators.authenticity.scoring import Authenticity, Part, score
from creators.authenticity.sentences import TOLD, improvements, moved, sentence, standing

__all__ = [
    "TOLD",
    "Authenticity",
    "Evidence",
    "Norms",
    "Part",
    "PostEvidence",
    "improvements",
    "moved",
    "norms",
    "score",
    "sentence",
    "standing",
]
