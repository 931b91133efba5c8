"""Whom to take for a budget. Pure: arrays and limits in, a plan or what is in its way out."""

from campaigns.matching.planning.audience import Audience
from campaigns.matching.planning.facts import Candidates, Impossible, Limits, Place, Plan, Swap
from campaigns.matching.planning.planner import plan

__all__ = ["Audience", "Candidates", "Impossible", "Limits", "Place", "Plan", "Swap", "plan"]
