"""Every life cycle of the work on one page. API, buttons, permissions, admin and tests read these tables."""

from django.db import models

from marketplace.kit.states import Machine, row

# Roles, as policies.roles_of gives them: "payer" may bind money (owner, finance), "manager" runs campaigns
# (owner, manager), "creator" is the creator named on the row, "admin" is staff, "clock" is time itself,
# "bank" is the news from payments.
MANAGER, PAYER, CREATOR, ADMIN, CLOCK, BANK = "manager", "payer", "creator", "admin", "clock", "bank"


class CampaignState(models.TextChoices):
    """Where a campaign stands."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    OPEN = "open", "Open"
    PAUSED = "paused", "Paused"
    COMPLETED = "completed", "Completed"
    REJECTED = "rejected", "Needs changes"
    CANCELLED = "cancelled", "Cancelled"
    ARCHIVED = "archived", "Archived"


C = CampaignState
CAMPAIGN = Machine(
    "campaign",
    CampaignState,
    [
        row("submit", [C.DRAFT, C.REJECTED], C.IN_REVIEW, [MANAGER], "Post this campaign", "posted the campaign"),
        row("approve", [C.IN_REVIEW], C.OPEN, [ADMIN, CLOCK], "Approve", "approved the campaign"),
        row("reject", [C.IN_REVIEW, C.OPEN], C.REJECTED, [ADMIN], "Reject", "asked for changes to the campaign"),
        row("pause", [C.OPEN], C.PAUSED, [MANAGER], "Pause", "paused the campaign"),
        row("resume", [C.PAUSED], C.OPEN, [MANAGER], "Resume", "resumed the campaign"),
        row("complete", [C.OPEN, C.PAUSED], C.COMPLETED, [MANAGER, CLOCK], "Complete", "completed the campaign"),
        row("fund", [C.OPEN], C.OPEN, [PAYER], "Fund the campaign", "funded the campaign"),
        row("fund", [C.PAUSED], C.PAUSED, [PAYER], "Fund the campaign", "funded the campaign"),
        row("return_money", [C.OPEN], C.OPEN, [PAYER], "Return what is left", "took back what was left"),
        row("return_money", [C.PAUSED], C.PAUSED, [PAYER], "Return what is left", "took back what was left"),
        row("return_money", [C.REJECTED], C.REJECTED, [PAYER], "Return what is left", "took back what was left"),
        row("return_money", [C.IN_REVIEW], C.IN_REVIEW, [PAYER], "Return what is left", "took back what was left"),
        row(
            "cancel",
            [C.DRAFT, C.IN_REVIEW, C.REJECTED, C.OPEN, C.PAUSED],
            C.CANCELLED,
            [MANAGER],
            "Cancel the campaign",
            "cancelled the campaign",
        ),
        row("archive", [C.COMPLETED, C.CANCELLED], C.ARCHIVED, [MANAGER], "Archive", "archived the campaign"),
    ],
)


class InvitationState(models.TextChoices):
    """Where an invitation stands."""

    SENT = "sent", "Sent"
    VIEWED = "viewed", "Viewed"
    ACCEPTED = "accepted", "Accepted"
    OFFERED = "offered", "Offer sent"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"


I = InvitationState  # noqa: E741
INVITATION = Machine(
    "invitation",
    InvitationState,
    [
        row("view", [I.SENT], I.VIEWED, [CREATOR], "Open", "opened the invitation"),
        row("accept", [I.SENT, I.VIEWED], I.ACCEPTED, [CREATOR], "I'm interested", "showed interest"),
        row(
            "offer", [I.SENT, I.VIEWED, I.ACCEPTED], I.OFFERED, [MANAGER], "Make an offer", "followed up with an offer"
        ),
        row("decline", [I.SENT, I.VIEWED], I.DECLINED, [CREATOR], "Not for me", "declined the invitation"),
        row("withdraw", [I.SENT, I.VIEWED], I.WITHDRAWN, [MANAGER], "Withdraw", "withdrew the invitation"),
        row("expire", [I.SENT, I.VIEWED], I.EXPIRED, [CLOCK], "Expire", "let the invitation expire"),
    ],
)


class ApplicationState(models.TextChoices):
    """Where an application stands."""

    SUBMITTED = "submitted", "Submitted"
    SHORTLISTED = "shortlisted", "Shortlisted"
    OFFERED = "offered", "Offer sent"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"


A = ApplicationState
APPLICATION = Machine(
    "application",
    ApplicationState,
    [
        row("offer", [A.SUBMITTED, A.SHORTLISTED], A.OFFERED, [MANAGER], "Make an offer", "answered with an offer"),
        row("shortlist", [A.SUBMITTED], A.SHORTLISTED, [MANAGER], "Shortlist", "shortlisted the application"),
        row("decline", [A.SUBMITTED, A.SHORTLISTED], A.DECLINED, [MANAGER], "Decline", "declined the application"),
        row("withdraw", [A.SUBMITTED, A.SHORTLISTED], A.WITHDRAWN, [CREATOR], "Withdraw", "withdrew the application"),
        row("expire", [A.SUBMITTED, A.SHORTLISTED], A.EXPIRED, [CLOCK], "Expire", "let the application expire"),
    ],
)


class OfferState(models.TextChoices):
    """Where an offer stands: SENT waits for the creator, COUNTERED for the business."""

    SENT = "sent", "Waiting for the creator"
    COUNTERED = "countered", "Waiting for the business"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"


O = OfferState  # noqa: E741
LIVE_OFFER = [O.SENT, O.COUNTERED]
OFFER = Machine(
    "offer",
    OfferState,
    [
        row("accept", [O.SENT], O.ACCEPTED, [CREATOR], "Accept and sign", "accepted the offer"),
        row("counter", [O.SENT], O.COUNTERED, [CREATOR], "Propose changes", "proposed changes"),
        row("counter", [O.COUNTERED], O.COUNTERED, [CREATOR], "Correct your proposal", "corrected the proposal"),
        row("take_back", [O.COUNTERED], O.SENT, [CREATOR], "Take it back", "took the proposal back"),
        row("decline", [O.SENT], O.DECLINED, [CREATOR], "Decline", "declined the offer"),
        row("agree", [O.COUNTERED], O.SENT, [MANAGER], "Agree to the changes", "agreed to the changes"),
        row("revise", [O.COUNTERED], O.SENT, [MANAGER], "Answer with new terms", "answered with new terms"),
        row("extend", [O.SENT], O.SENT, [MANAGER], "Give more time", "gave more time"),
        row("withdraw", [O.SENT, O.COUNTERED], O.WITHDRAWN, [MANAGER], "Withdraw", "withdrew the offer"),
        row("expire", [O.SENT, O.COUNTERED], O.EXPIRED, [CLOCK], "Expire", "let the offer expire"),
    ],
)


class CollaborationState(models.TextChoices):
    """Where the agreed work stands."""

    AWAITING_PAYMENT = "awaiting_payment", "Awaiting payment"
    IN_PRODUCTION = "in_production", "In production"
    IN_REVIEW = "in_review", "In review"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    APPROVED = "approved", "Approved"
    LIVE = "live", "Live"
    COMPLETED = "completed", "Completed"
    EXPIRED = "expired", "Not paid in time"
    CANCELLED = "cancelled", "Cancelled"
    ON_HOLD = "on_hold", "On hold"


W = CollaborationState
RUNNING = [W.AWAITING_PAYMENT, W.IN_PRODUCTION, W.IN_REVIEW, W.CHANGES_REQUESTED, W.APPROVED, W.LIVE, W.ON_HOLD]
COLLABORATION = Machine(
    "collaboration",
    CollaborationState,
    [
        row("pay", [W.AWAITING_PAYMENT], W.AWAITING_PAYMENT, [PAYER], "Secure the payment", "went to the checkout"),
        row("start", [W.AWAITING_PAYMENT], W.IN_PRODUCTION, [BANK], "Start", "confirmed that the payment is secured"),
        row("begin", [W.IN_PRODUCTION], W.IN_PRODUCTION, [CREATOR], "I have started", "started on the work"),
        row(
            "submit",
            [W.IN_PRODUCTION, W.CHANGES_REQUESTED],
            W.IN_REVIEW,
            [CREATOR],
            "Submit for review",
            "submitted work",
        ),
        row("request_changes", [W.IN_REVIEW], W.CHANGES_REQUESTED, [MANAGER], "Request changes", "requested changes"),
        row("approve", [W.IN_REVIEW], W.APPROVED, [MANAGER, CLOCK], "Approve", "approved the work"),
        row("mark_live", [W.APPROVED], W.LIVE, [CREATOR], "It is live", "published the work"),
        row("accept_live", [W.LIVE], W.COMPLETED, [MANAGER, CLOCK], "Confirm and release", "confirmed the live post"),
        row("hand_over", [W.APPROVED], W.COMPLETED, [BANK, CLOCK], "Hand over", "handed over the content"),
        row(
            "cancel",
            [W.AWAITING_PAYMENT, W.IN_PRODUCTION, W.CHANGES_REQUESTED],
            W.CANCELLED,
            [CREATOR],
            "Cancel the collaboration",
            "cancelled the collaboration",
        ),
        row(
            "call_off",
            [W.AWAITING_PAYMENT],
            W.CANCELLED,
            [MANAGER],
            "Cancel the collaboration",
            "cancelled before paying",
        ),
        row(
            "cancel_paid",
            [W.IN_PRODUCTION, W.IN_REVIEW, W.CHANGES_REQUESTED, W.APPROVED],
            W.CANCELLED,
            [MANAGER],
            "Cancel the paid work",
            "cancelled the paid work",
        ),
        row(
            "cancel_late",
            [W.IN_PRODUCTION, W.CHANGES_REQUESTED],
            W.CANCELLED,
            [MANAGER],
            "Cancel the overdue work",
            "cancelled because the work is overdue",
        ),
        row(
            "expire",
            [W.AWAITING_PAYMENT],
            W.EXPIRED,
            [CLOCK, BANK],
            "Expire",
            "closed the collaboration: it was not paid in time",
        ),
        row(
            "put_on_hold",
            [W.IN_PRODUCTION, W.IN_REVIEW, W.CHANGES_REQUESTED, W.APPROVED, W.LIVE],
            W.ON_HOLD,
            [ADMIN, BANK],
            "Put on hold",
            "put the collaboration on hold",
        ),
        row(
            "settle_release",
            [W.ON_HOLD],
            W.COMPLETED,
            [ADMIN],
            "Release to the creator",
            "decided to release the payment",
        ),
        row(
            "charge_back",
            [W.IN_PRODUCTION, W.IN_REVIEW, W.CHANGES_REQUESTED, W.APPROVED, W.LIVE, W.ON_HOLD],
            W.CANCELLED,
            [BANK],
            "Charge back",
            "ended it: the payer's bank kept the payment",
        ),
        row("reopen", [W.CANCELLED], W.ON_HOLD, [BANK], "Reopen", "gave the payment back after all"),
        row("settle_refund", [W.ON_HOLD], W.CANCELLED, [ADMIN], "Refund the business", "decided to refund the payment"),
    ],
)


class WeightsState(models.TextChoices):
    """Where a set of learned weights stands."""

    SHADOW = "shadow", "Shadow"
    PROMOTED = "promoted", "Promoted"
    RETIRED = "retired", "Retired"


L = WeightsState
WEIGHTS = Machine(
    "learned_weights",
    WeightsState,
    [
        row("promote", [L.SHADOW, L.RETIRED], L.PROMOTED, [ADMIN], "Rank with these weights", "promoted the weights"),
        row("retire", [L.PROMOTED], L.RETIRED, [ADMIN], "Rank without them again", "retired the weights"),
    ],
)


class ReportState(models.TextChoices):
    """Where the report of a message stands."""

    OPEN = "open", "Waiting for a decision"
    UPHELD = "upheld", "Upheld"
    DISMISSED = "dismissed", "Dismissed"


R = ReportState
REPORT = Machine(
    "report",
    ReportState,
    [
        row("uphold", [R.OPEN], R.UPHELD, [ADMIN], "Hide the message", "upheld the report"),
        row("dismiss", [R.OPEN], R.DISMISSED, [ADMIN], "Leave the message", "dismissed the report"),
    ],
)

MACHINES = {m.name: m for m in (CAMPAIGN, INVITATION, APPLICATION, OFFER, COLLABORATION)}
