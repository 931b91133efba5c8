"""Matching over the pool, written as Match rows: filter in SQL, rank in memory, keep the best; and the other way."""

from campaigns.shortlist.brief import brief_facts, brief_hash
from campaigns.shortlist.brief_vectors import read_briefs
from campaigns.shortlist.candidates import Plannable, plannable
from campaigns.shortlist.filters import filtered
from campaigns.shortlist.hidden import Hidden, why_hidden
from campaigns.shortlist.limits import bounds_of, briefs_with_limits
from campaigns.shortlist.openings import Choice, choose, open_to
from campaigns.shortlist.pool import reading_model
from campaigns.shortlist.running import give_up, newest_run, run_match

__all__ = [
    "Choice",
    "Hidden",
    "Plannable",
    "bounds_of",
    "brief_facts",
    "brief_hash",
    "briefs_with_limits",
    "choose",
    "filtered",
    "give_up",
    "newest_run",
    "open_to",
    "plannable",
    "read_briefs",
    "reading_model",
    "run_match",
    "why_hidden",
]
