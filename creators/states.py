"""The life cycle of a creator's listing."""

from django.db import models

from marketplace.kit.states import Machine, row


class CreatorState(models.TextChoices):
    """Where a creator's profile stands."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    LISTED = "listed", "Listed"
    PAUSED = "paused", "Paused"
    REJECTED = "rejected", "Needs changes"
    SUSPENDED = "suspended", "Suspended"


S = CreatorState

CREATOR = Machine(
    "creator",
    CreatorState,
    [
        row(
            "submit",
            [S.DRAFT, S.REJECTED],
            S.IN_REVIEW,
            ["self"],
            "Submit for review",
            "submitted the profile",
        ),
        row("approve", [S.IN_REVIEW], S.LISTED, ["admin"], "Approve", "approved the profile"),
        row(
            "reject",
            [S.IN_REVIEW, S.LISTED],
            S.REJECTED,
            ["admin"],
            "Reject",
            "asked for changes to the profile",
        ),
        row("pause", [S.LISTED], S.PAUSED, ["self"], "Pause my listing", "paused the listing"),
        row("resume", [S.PAUSED], S.LISTED, ["self"], "List me again", "resumed the listing"),
        row(
            "suspend",
            [S.LISTED, S.PAUSED, S.IN_REVIEW],
            S.SUSPENDED,
            ["admin"],
            "Suspend",
            "suspended the profile",
        ),
        row("reinstate", [S.SUSPENDED], S.LISTED, ["admin"], "Reinstate", "reinstated the profile"),
    ],
)

# An admin's act that moves no state: the figures are looked at again, and the creator is told what came of it.
RECHECK = row(
    "recheck", list(CreatorState), "", ["admin"], "Check authenticity again", "checked the authenticity again"
)
