"""Matching over the pool, as Match rows: filter columns, narrow by the index, rank, keep the best; both directions."""

from campaigns.shortlist.brief import brief_facts, brief_hash, with_kin
from campaigns.shortlist.brief_vectors import read_briefs
from campaigns.shortlist.building import renew
from campaigns.shortlist.candidates import Plannable, plannable
from campaigns.shortlist.filters import filtered, passing
from campaigns.shortlist.hidden import Hidden, why_hidden
from campaigns.shortlist.impressions import note_shown
from campaigns.shortlist.learning import learn_weights
from campaigns.shortlist.limits import bounds_of, briefs_with_limits
from campaigns.shortlist.loosening import why_nobody
from campaigns.shortlist.openings import Choice, choose, open_to
from campaigns.shortlist.pool import reading_model
from campaigns.shortlist.proving import fail, prove
from campaigns.shortlist.question import Asked, limits_of
from campaigns.shortlist.running import give_up, newest_run, run_match

__all__ = [
    "Asked",
    "Choice",
    "Hidden",
    "Plannable",
    "bounds_of",
    "brief_facts",
    "brief_hash",
    "briefs_with_limits",
    "choose",
    "fail",
    "filtered",
    "give_up",
    "learn_weights",
    "limits_of",
    "newest_run",
    "note_shown",
    "open_to",
    "passing",
    "plannable",
    "prove",
    "read_briefs",
    "reading_model",
    "renew",
    "run_match",
    "why_hidden",
    "why_nobody",
    "with_kin",
]
