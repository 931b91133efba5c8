"""Who fits a brief, and why. Pure: arrays and facts in, matches out; no database, no clock, no settings."""

from campaigns.matching.brief import BriefFacts
from campaigns.matching.candidates import Pool
from campaigns.matching.explain import Match, Part
from campaigns.matching.obstacles import Bounds, Limits, obstacles
from campaigns.matching.openings import CreatorFacts, Openings
from campaigns.matching.ranking import match
from campaigns.matching.recommend import Recommendation, recommend
from campaigns.matching.sentences import Reason
from campaigns.matching.weights import FIRST, Weights

__all__ = [
    "FIRST",
    "Bounds",
    "BriefFacts",
    "CreatorFacts",
    "Limits",
    "Match",
    "Openings",
    "Part",
    "Pool",
    "Reason",
    "Recommendation",
    "Weights",
    "match",
    "obstacles",
    "recommend",
]
