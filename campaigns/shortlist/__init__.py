"""Matching over the pool, written as Match rows: filter in SQL, rank in memory, keep the best."""

from campaigns.shortlist.brief import brief_facts, brief_hash
from campaigns.shortlist.pool import reading_model
from campaigns.shortlist.running import give_up, newest_run, run_match

__all__ = ["brief_facts", "brief_hash", "give_up", "newest_run", "reading_model", "run_match"]
