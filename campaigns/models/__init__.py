"""The work: who pays, what they want, what was agreed, what was done."""

from campaigns.models.activity import Activity
from campaigns.models.business import Business, Invite, Member, Role
from campaigns.models.campaign import Campaign, Compensation, Deliverable, Goal
from campaigns.models.collaboration import Collaboration, ReviewNote, Submission
from campaigns.models.conversation import Message, ReadMark, Report, ReportReason
from campaigns.models.digest import Digest, Rhythm
from campaigns.models.freshness import ReadingPosition, StaleShortlist
from campaigns.models.invitation import Application, Invitation
from campaigns.models.learning import Impression, LearnedWeights
from campaigns.models.match import Match, MatchRun, Saved
from campaigns.models.meaning import BriefVector
from campaigns.models.offer import Offer, Side, Terms
from campaigns.models.proof import PlanProof
from campaigns.models.review import Review
from campaigns.models.search import SavedSearch
from campaigns.models.sweep import Sweep, SweepRow

__all__ = [
    "Activity",
    "Application",
    "BriefVector",
    "Business",
    "Campaign",
    "Collaboration",
    "Compensation",
    "Deliverable",
    "Digest",
    "Goal",
    "Impression",
    "Invitation",
    "Invite",
    "LearnedWeights",
    "Match",
    "MatchRun",
    "Member",
    "Message",
    "Offer",
    "PlanProof",
    "ReadMark",
    "ReadingPosition",
    "Report",
    "ReportReason",
    "Review",
    "ReviewNote",
    "Rhythm",
    "Role",
    "Saved",
    "SavedSearch",
    "Side",
    "StaleShortlist",
    "Submission",
    "Sweep",
    "SweepRow",
    "Terms",
]
