"""Reviews of completed work: both sides write without seeing the other's, then both are published.

Double-blind, as the FTC's rule on reviews (16 CFR 465) and fairness ask for: no reward for a good one, no hiding of a
bad one, none between people who belong together.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Avg, Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.mail import tell
from campaigns.models import Collaboration, Member, Review, Side
from campaigns.models.review import BEST, WORST
from campaigns.moves import lock
from campaigns.policies import roles_of
from campaigns.states import CREATOR, MANAGER, CollaborationState
from marketplace.kit.errors import Conflict, DomainError, Invalid, NotAllowed
from marketplace.users.models import User

WINDOW = timedelta(days=14)
LONGEST = 1000


def author_side(collaboration: Collaboration, user: User) -> str | None:
    """As whom this person reviews; None for who may not."""
    return side_among(roles_of(user, collaboration))


def side_among(roles: Collection[str]) -> str | None:
    """As whom these roles review: the creator, or somebody who runs the business's campaigns."""
    if CREATOR in roles:
        return Side.CREATOR
    return Side.BUSINESS if MANAGER in roles else None


def closes_at(collaboration: Collaboration) -> datetime | None:
    """Until when reviews are taken; None while the work is not completed."""
    return collaboration.completed_at + WINDOW if collaboration.completed_at else None


@transaction.atomic
def review_work(collaboration: Collaboration, *, stars: int, text: str, by: User) -> Review:
    """One side says how it was. The other reads it once both have spoken, or when the time is over."""
    lock(collaboration)
    side = author_side(collaboration, by)
    check_review(collaboration, side)
    assert side is not None, "checked"
    said = text.strip()
    if not WORST <= stars <= BEST:
        raise Invalid.at("stars", "bad_stars", _("Give one to five stars."))
    if not 0 < len(said) <= LONGEST:
        raise Invalid.at("text", "nothing_said", _("Say in up to %(n)s letters how it was.") % {"n": LONGEST})
    review = Review.objects.create(collaboration=collaboration, side=side, by=by, stars=stars, text=said)
    if collaboration.reviews.exclude(side=side).exists():
        _publish(collaboration)
        review.refresh_from_db()
    else:
        tell(collaboration, "reviewed_by_creator" if side == Side.CREATOR else "reviewed_by_business")
    return review


def is_open(collaboration: Collaboration, side: str | None) -> bool:
    """That side may review this work now."""
    try:
        check_review(collaboration, side)
    except DomainError:
        return False
    return True


def check_review(collaboration: Collaboration, side: str | None) -> None:
    """Raise NotAllowed or Conflict unless that side may review this work now."""
    if side is None:
        raise NotAllowed("not_yours", _("The creator, and those who run the campaigns of the business, review."))
    until = closes_at(collaboration)
    if collaboration.state != CollaborationState.COMPLETED or until is None:
        raise Conflict("not_completed", _("Work is reviewed when it is completed."), state=collaboration.state)
    if timezone.now() >= until:
        raise Conflict("too_late", _("Reviews are taken for 14 days after the work is completed."))
    if _belong_together(collaboration):
        raise Conflict("related", _("You belong to both sides of this work, so neither side reviews it."))
    if collaboration.reviews.filter(side=side).exists():
        raise Conflict("reviewed_already", _("Your side has reviewed this work."))


def readable(collaboration: Collaboration, *, side: str | None) -> QuerySet[Review]:
    """What somebody of that side may read: what is published, and their own."""
    return collaboration.reviews.filter(Q(published_at__isnull=False) | Q(side=side or ""))


@transaction.atomic
def publish_reviews(collaboration: Collaboration) -> None:
    """The time is over: what one side wrote is published without the other's."""
    lock(collaboration)
    until = closes_at(collaboration)
    if until is not None and until <= timezone.now():
        _publish(collaboration)


def to_publish(now: datetime) -> QuerySet[Collaboration]:
    """Work with a review that waits although the time is over."""
    waiting = Review.objects.filter(published_at=None).values("collaboration")
    return Collaboration.objects.filter(pk__in=waiting, completed_at__lte=now - WINDOW)


@transaction.atomic
def answer_review(review: Review, *, text: str, by: User) -> Review:
    """Whom a published review is about answers it, once."""
    check_answer(review, by=by)
    said = text.strip()
    if not 0 < len(said) <= LONGEST:
        raise Invalid.at("text", "nothing_said", _("Answer in up to %(n)s letters.") % {"n": LONGEST})
    rows = Review.objects.published().filter(pk=review.pk, answered_at=None)
    if not rows.update(answer=said, answered_at=timezone.now(), updated_at=timezone.now()):
        raise Conflict("answered_already", _("A review is answered once, after it is published."))
    review.refresh_from_db()
    return review


def check_answer(review: Review, *, by: User) -> None:
    """Raise NotAllowed unless the review is about this person's side."""
    side = author_side(review.collaboration, by)
    if side is None or side == review.side:
        raise NotAllowed("not_yours", _("Whom a review is about answers it."))


def stars_of(rows: QuerySet[Review]) -> tuple[float | None, int]:
    """Their mean and how many there are; no mean of none."""
    found = rows.order_by().aggregate(mean=Avg("stars"), count=Count("pk"))
    return found["mean"], found["count"]


def _publish(collaboration: Collaboration) -> None:
    now = timezone.now()
    if collaboration.reviews.filter(published_at=None).update(published_at=now, updated_at=now):
        tell(collaboration, "reviews_published")


def _belong_together(collaboration: Collaboration) -> bool:
    """The creator is in the business's team."""
    offer = collaboration.offer
    related = Q(user=offer.creator.user_id, business=offer.campaign.business_id)
    return offer.creator.user_id is not None and Member.objects.filter(related).exists()
