"""The work in words: what was signed, what was handed in and approved by whom, and what happened when."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from campaigns.models import Activity, Collaboration
from campaigns.states import ADMIN, CREATOR

# What a bank asks for first, however long ago it was.
MATTERS = (
    "accept", "agree", "begin", "submit", "request_changes", "approve", "mark_live", "accept_live", "hand_over",
    "cancel", "call_off", "cancel_paid", "cancel_late", "settle_release", "settle_refund",
)  # fmt: skip
APPROVALS = ("approve", "accept_live", "hand_over")
MOST_ROWS = 2_000
LEFT_OUT = "({count} less important lines are left out.)"


def story(collaboration: Collaboration, *, room: int) -> str:
    """Signatures, work and timeline in at most so many letters; of the timeline what does not matter goes first."""
    parts = [signatures(collaboration), f"Work handed in:\n{handed_in(collaboration) or 'none yet'}"]
    if said := approvals(collaboration):
        parts.append(f"Approved:\n{said}")
    told = "\n\n".join(parts)[:room]
    title = "\n\nWhat happened, as both sides see it:\n"
    return told + title + timeline(collaboration, room=max(room - len(told) - len(title), 0))


def signatures(collaboration: Collaboration) -> str:
    terms, signed = collaboration.contract["terms"], collaboration.contract["signatures"]["business"]
    return (
        f"Contract {collaboration.public_id} (SHA-256 {collaboration.contract_hash}) over {terms['fee']['text']} and a"
        f" fee of {terms['platform_fee']['text']}, signed as “{signed['typed']}” on {signed['at']} and as"
        f" “{collaboration.signed_as}” on {moment(collaboration.signed_at)}."
    )


def handed_in(collaboration: Collaboration) -> str:
    """Each round with its day, and where the work was published."""
    rows = collaboration.submissions.order_by("number")
    lines = [f"{moment(row.created_at)}, {row}: {row.link or row.file_name}" for row in rows]
    return "\n".join([*lines, *([f"Published at {collaboration.live_url}"] if collaboration.live_url else [])])


def approvals(collaboration: Collaboration) -> str:
    """When the work was approved, and by whom; by silence, where a deadline did it."""
    rows = Activity.objects.filter(collaboration=collaboration, verb__in=APPROVALS).order_by("at", "pk")
    return "\n".join(_line(row) for row in rows)


def service_date(collaboration: Collaboration) -> str:
    """The day on which work was handed in last; before any, the day that was agreed for it."""
    last = collaboration.submissions.order_by("-number").first()
    due: str = collaboration.contract["terms"]["due_on"]
    return last.created_at.date().isoformat() if last else due


def acts_of_the_payer(collaboration: Collaboration) -> str:
    """What the business's own people did here about this work: who ordered and answered has had it."""
    about = Q(collaboration=collaboration) | Q(offer=collaboration.offer)
    rows = Activity.objects.filter(about, by__isnull=False).exclude(role__in=[CREATOR, ADMIN])
    lines = [_line(row) for row in rows.order_by("-at", "-pk")[:100]]
    title = f"What people of {collaboration.contract['parties']['business']['name']} did, signed in:"
    return "\n".join([title, *reversed(lines)]) if lines else ""


def cancelling(collaboration: Collaboration) -> str:
    """What the contract says about cancelling, and that the business signed it."""
    said = "\n".join(collaboration.contract["if_cancelled"])
    signed = collaboration.contract["signatures"]["business"]
    return f"{said}\nShown in contract {collaboration.public_id}, signed as “{signed['typed']}” on {signed['at']}."


def timeline(collaboration: Collaboration, *, room: int) -> str:
    """Oldest first, in at most so many letters: what matters, then the newest of the rest."""
    rows = list(Activity.objects.filter(collaboration=collaboration).order_by("-at", "-pk")[:MOST_ROWS])
    kept: list[Activity] = []
    left = room - len(LEFT_OUT) - 5
    for row in sorted(rows, key=lambda row: row.verb not in MATTERS):  # stable: newest first among equals
        left -= len(_line(row)) + 1
        if left < 0:
            break
        kept.append(row)
    lines = [_line(row) for row in sorted(kept, key=lambda row: (row.at, row.pk))]
    if missing := len(rows) - len(kept):
        lines.append(LEFT_OUT.format(count=missing))
    return "\n".join(lines)


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _line(row: Activity) -> str:
    return f"{moment(row.at)}: {row.text}"
