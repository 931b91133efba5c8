"""Reviews: written blind, read by everybody beside what is known of how reliable a side is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.forms import AnswerReviewForm, ReviewForm
from campaigns.models import Business, Collaboration, Review
from campaigns.services import reviews, track_record
from campaigns.views.rows import collaboration_rows
from creators.models import Creator
from marketplace.kit.forms import attempt
from marketplace.kit.paging import page_of
from marketplace.users.requests import person

LATEST = ("-published_at", "-id")


@require_http_methods(["GET", "POST"])
@login_required
def work_review(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say how the work was, or read what both sides said."""
    rows = collaboration_rows(Collaboration.objects.visible_to(person(request)))
    room = get_object_or_404(rows, public_id=public_id)
    side = reviews.author_side(room, person(request))
    said = list(room.reviews.select_related("by"))
    is_written = any(one.side == side for one in said)
    form = ReviewForm(request.POST or None)
    if request.method == "POST":
        reviews.check_review(room, side)
        if form.is_valid():
            attempt(form, lambda: reviews.review_work(room, by=person(request), **form.cleaned_data))
            if not form.errors:
                messages.success(request, _("Thank you. It is published when the other side has written, or in time."))
                return redirect("work_review", room.public_id)
    context = {
        "room": room,
        "side": side,
        "own": [one for one in said if one.side == side],
        "published": [one for one in said if one.published_at],
        "is_waiting": any(one.side != side and one.published_at is None for one in said),
        "closes_at": reviews.closes_at(room),
        "form": form if not is_written and reviews.is_open(room, side) else None,
    }
    return render(request, "campaigns/work_review.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def review_answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whom a review is about says something to it, once."""
    rooms = Collaboration.objects.visible_to(person(request))
    rows = Review.objects.published().filter(collaboration__in=rooms)
    told = rows.select_related("collaboration__offer__campaign__business", "collaboration__offer__creator")
    review = get_object_or_404(told, public_id=public_id)
    reviews.check_answer(review, by=person(request))
    form = AnswerReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: reviews.answer_review(review, by=person(request), **form.cleaned_data))
        if not form.errors:
            return redirect("work_review", review.collaboration.public_id)
    context = {"review": review, "form": form}
    return render(request, "campaigns/review_answer.html", context, status=400 if form.errors else 200)


@require_safe
def creator_reviews(request: HttpRequest, handle: str) -> HttpResponse:
    """What businesses say of a creator, for everybody who sees the creator."""
    creator = get_object_or_404(Creator.objects.visible_to(request.user).defer("words", "post_words"), handle=handle)
    context = {
        "name": creator.display_name,
        "back": creator.get_absolute_url(),
        "record": track_record.of_creator(creator),
        "is_creator": True,
    }
    return _said(request, Review.objects.of_creator(creator), context)


@require_safe
@login_required
def business_reviews(request: HttpRequest, public_id: str) -> HttpResponse:
    """What creators say of a business: before somebody signs, they want to know."""
    business = get_object_or_404(Business, public_id=public_id)
    context = {"name": business.name, "back": "", "record": track_record.of_business(business), "is_creator": False}
    return _said(request, Review.objects.of_business(business), context)


def _said(request: HttpRequest, rows: QuerySet[Review], context: dict[str, Any]) -> HttpResponse:
    """One side's reviews as a page, with their mean and how many there are."""
    mean, count = reviews.stars_of(rows)
    context |= {"rows": page_of(request, rows, by=LATEST), "mean": mean, "count": count}
    return render(request, "campaigns/reviews.html", context)
