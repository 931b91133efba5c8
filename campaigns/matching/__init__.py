"""Who fits a brief, and why. Pure: arrays and facts in, matches out; no database, no clock, no settings."""

from campaigns.matching.brief import BriefFacts
from campaigns.matching.candidates import Pool
from campaigns.matching.explain import Match, Part
from campaigns.matching.ranking import match
from campaigns.matching.sentences import Reason
from campaigns.matching.weights import FIRST, Weights

__all__ = ["FIRST", "BriefFacts", "Match", "Part", "Pool", "Reason", "Weights", "match"]
