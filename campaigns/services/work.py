"""The agreed work: paid for, handed in, reviewed, published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone

from campaigns.deadlines import after, business_days_after, end_of, publish_by
from campaigns.mail import tell
from campaigns.models import Collaboration, ReviewNote, Submission
from campaigns.moves import check, lock, move
from campaigns.policies import roles_of
from campaigns.services.ending import complete
from campaigns.states import PAYER, CollaborationState
from campaigns.terms import contract_items
from campaigns.uploads import Content, File, checked
from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.pacing import its_time
from marketplace.users.models import User
from payments import services as bank
from payments.models import Hold

LONGEST_URL = 400
MOST_NOTES = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One requested change: the line of the contract that is not met, and what to do."""

    item: str
    text: str


def pay(collaboration: Collaboration, *, by: User) -> str | None:
    """Somebody who may pay goes to the hosted checkout; None means it is being prepared, look again in a moment."""
    _choose_to_pay(collaboration, by=by)
    # Outside that transaction: the bank speaks to Stripe here, and no row of ours may wait for that.
    back = f"{settings.SITE_URL}{collaboration.get_absolute_url()}payment/"
    return bank.checkout_url(collaboration.hold, success_url=f"{back}?paid=1", cancel_url=back)


def look_again(collaboration: Collaboration, *, by: User) -> None:
    """Whoever may pay is back from the checkout: ask the bank whether the payment arrived, now and then."""
    waits = collaboration.state == CollaborationState.AWAITING_PAYMENT and PAYER in roles_of(by, collaboration)
    if waits and its_time(f"checkout:{collaboration.hold_id}"):
        bank.refresh_checkout(collaboration.hold)
        collaboration.refresh_from_db()


@transaction.atomic
def _choose_to_pay(collaboration: Collaboration, *, by: User) -> None:
    lock(collaboration)
    check(collaboration, "pay", by=by)
    if collaboration.due_at is not None and collaboration.due_at <= timezone.now():
        raise Conflict("expired", "The time to pay is over.", state=collaboration.state)
    move(collaboration, "pay", by=by)


@transaction.atomic
def start(hold: Hold) -> None:
    """The payment is secured, so work starts. If it came too late, the money goes back."""
    found = Collaboration.objects.filter(hold=hold).first()
    if found is None:
        return
    lock(found)
    if found.state in (CollaborationState.EXPIRED, CollaborationState.CANCELLED):
        bank.refund(hold, reason="paid_too_late")
    elif found.state == CollaborationState.AWAITING_PAYMENT:
        move(found, "start", by=None, role="bank", due_at=_production_due(found), reminded_at=None)
        tell(found, "start")


def submit_work(
    collaboration: Collaboration, *, link: str = "", file: File | None = None, note: str = "", by: User
) -> Submission:
    """The creator hands in work for review: a link, a file, or both."""
    collaboration.refresh_from_db(fields=["state"])
    check(collaboration, "submit", by=by)
    if not link.strip() and file is None:
        raise Invalid.at("link", "nothing_handed_in", "Add a link or a file.")
    address = _https(link, "link") if link.strip() else ""
    # Drawing a picture anew takes a second: before anything is locked, and only for whoever may hand in.
    kept, name = checked(file) if file is not None else (None, "")
    return _hand_in(collaboration, link=address, file=kept, file_name=name, note=note.strip(), by=by)


@transaction.atomic
def _hand_in(
    collaboration: Collaboration, *, link: str, file: Content | None, file_name: str, note: str, by: User
) -> Submission:
    lock(collaboration)
    check(collaboration, "submit", by=by)
    due_at = business_days_after(timezone.now(), settings.HOURS["review"] // 24, zone=_business_zone(collaboration))
    move(collaboration, "submit", by=by, due_at=due_at, reminded_at=None)
    submission = Submission.objects.create(
        collaboration=collaboration,
        number=collaboration.submissions.count() + 1,
        by=by,
        link=link,
        file=file or "",
        file_name=file_name,
        note=note,
    )
    tell(collaboration, "submit")
    return submission


@transaction.atomic
def request_changes(collaboration: Collaboration, *, changes: Sequence[Change], by: User) -> Submission:
    """A manager asks for changes, each naming the line of the contract that is not met; at most two rounds."""
    lock(collaboration)
    check(collaboration, "request_changes", by=by)
    _check_changes(collaboration, changes)
    due_at = after(timezone.now(), hours=settings.HOURS["changes"])
    rounds = collaboration.revisions + 1
    move(collaboration, "request_changes", by=by, due_at=due_at, reminded_at=None, revisions=rounds)
    submission = _reviewed(collaboration)
    ReviewNote.objects.bulk_create(
        ReviewNote(submission=submission, item=change.item, text=change.text.strip(), by=by) for change in changes
    )
    tell(collaboration, "request_changes")
    return submission


@transaction.atomic
def approve_work(collaboration: Collaboration, *, by: User | None) -> Collaboration:
    """A manager, or silence, approves the work; content that is not published completes at once."""
    lock(collaboration)
    publish_on = _terms_date(collaboration, "publish_on")
    due_at = publish_by(publish_on, zone=_creator_zone(collaboration)) if publish_on else None
    if due_at is not None:
        due_at = max(due_at, after(timezone.now(), hours=48))
    move(collaboration, "approve", by=by, role="clock", due_at=due_at, reminded_at=None)
    _reviewed(collaboration)
    if publish_on is None:
        move(collaboration, "hand_over", by=None, role="bank", who=collaboration.offer.creator.display_name)
        complete(collaboration)
    else:
        tell(collaboration, "approve")
    return collaboration


@transaction.atomic
def mark_live(collaboration: Collaboration, *, url: str, by: User) -> Collaboration:
    """The creator says where the work was published."""
    lock(collaboration)
    check(collaboration, "mark_live", by=by)
    live_url = _https(url, "url")
    due_at = after(timezone.now(), hours=settings.HOURS["live"])
    move(collaboration, "mark_live", by=by, live_url=live_url, due_at=due_at, reminded_at=None)
    tell(collaboration, "mark_live")
    return collaboration


@transaction.atomic
def accept_live(collaboration: Collaboration, *, by: User | None) -> Collaboration:
    """A manager, or silence, confirms the live post; the creator is paid."""
    lock(collaboration)
    move(collaboration, "accept_live", by=by, role="clock")
    complete(collaboration)
    return collaboration


def _reviewed(collaboration: Collaboration) -> Submission:
    submission = collaboration.submissions.order_by("-number")[0]
    submission.reviewed_at = timezone.now()
    submission.save(update_fields=["reviewed_at", "updated_at"])
    return submission


def _check_changes(collaboration: Collaboration, changes: Sequence[Change]) -> None:
    wrong = ""
    if not 1 <= len(changes) <= MOST_NOTES:
        wrong = f"Name between one and {MOST_NOTES} changes."
    elif {change.item for change in changes} - set(contract_items(collaboration.contract)):
        wrong = "Every change names a line of the contract."
    elif any(not change.text.strip() or len(change.text) > 500 for change in changes):
        wrong = "Say for each line, in up to 500 characters, what should change."
    if wrong:
        raise Invalid.at("changes", "bad_changes", wrong)


def _https(url: str, name: str) -> str:
    """A public https address, or Invalid at the field it came from."""
    text = url.strip()
    try:
        URLValidator(schemes=["https"])(text)
        plain = len(text) <= LONGEST_URL and "." in (urlsplit(text).hostname or "") and "@" not in urlsplit(text).netloc
    except (ValidationError, ValueError):
        plain = False
    if not plain:
        wrong = "Paste the whole address, starting with https://."
        raise Invalid.at(name, "bad_url", wrong)
    return text


def _production_due(collaboration: Collaboration) -> datetime:
    """The day the terms name, but never less than a day after the payment was secured."""
    due_on = _terms_date(collaboration, "due_on") or timezone.localdate()
    return max(end_of(due_on, zone=_creator_zone(collaboration)), after(timezone.now(), hours=24))


def _terms_date(collaboration: Collaboration, name: str) -> date | None:
    text = collaboration.contract["terms"][name]
    return date.fromisoformat(text) if text else None


def _creator_zone(collaboration: Collaboration) -> str:
    user = collaboration.offer.creator.user
    return user.time_zone if user else "UTC"


def _business_zone(collaboration: Collaboration) -> str:
    return collaboration.offer.campaign.business.time_zone
