"""The collaboration: paid, worked on, reviewed, released."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.forms import CancelPaidForm, ChangesForm, LiveForm, ReasonForm, SubmissionForm
from campaigns.models import Collaboration, Submission
from campaigns.services import cancelling, ending, papers, work
from campaigns.states import CollaborationState
from campaigns.terms import contract_items
from campaigns.views.frame import buttons, standing
from campaigns.views.rows import LATEST, NEAREST, collaboration_rows, event_of, steps
from campaigns.views.verbs import Ask, answer_verb
from marketplace.kit.paging import page_of
from marketplace.users.requests import person
from payments.reads import story


@require_safe
@login_required
def collaboration_list(request: HttpRequest) -> HttpResponse:
    """All work of both hats, the nearest deadline first."""
    page = page_of(request, collaboration_rows(Collaboration.objects.visible_to(person(request))), by=NEAREST)
    return render(request, "campaigns/collaboration_list.html", {"collaborations": page})


@require_safe
@login_required
def collaboration_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The room: what is due, the work, the contract, every cent, everything that happened."""
    room = _collaboration(request, public_id)
    history = page_of(request, room.activities.select_related("by"), by=LATEST, size=50, name="history")
    context = {
        "room": room,
        "roles": standing(request).roles(room),
        "buttons": buttons(request, room, ASKS),
        "submissions": room.submissions.prefetch_related("review_notes"),
        "ledger": story(room.hold),
        "invoices": papers.invoices_of(person(request)).filter(hold=room.hold_id),
        "history": history,
        "events": [event_of(activity) for activity in history],
        "steps": steps(room),
    }
    return render(request, "campaigns/collaboration_detail.html", context)


@require_safe
@login_required
def contract(request: HttpRequest, public_id: str) -> HttpResponse:
    """The frozen terms as signed."""
    return render(request, "campaigns/contract.html", {"room": _collaboration(request, public_id)})


@require_http_methods(["GET", "POST"])
@login_required
def collaboration_verb(request: HttpRequest, public_id: str, verb: str) -> HttpResponse:
    """One verb of the collaboration's table."""
    return answer_verb(request, _collaboration(request, public_id), verb, ASKS)


@require_safe
@login_required
def payment(request: HttpRequest, public_id: str) -> HttpResponse:
    """Back from the checkout, or waiting for it to be ready: asks again by itself until the bank has spoken."""
    room = _collaboration(request, public_id)
    if "paid" in request.GET:
        work.look_again(room, by=person(request))
    if room.state != CollaborationState.AWAITING_PAYMENT:
        return redirect(room)
    context = {"room": room, "paid": "paid" in request.GET, "verbs": buttons(request, room, {"pay"})}
    return render(request, "campaigns/payment.html", context)


@require_safe
@login_required
def submission_file(request: HttpRequest, public_id: str) -> FileResponse:
    """A submitted file, only for the two sides."""
    row = get_object_or_404(Submission.objects.visible_to(person(request)), public_id=public_id)
    if not row.file:
        raise Http404
    return FileResponse(row.file.open(), as_attachment=True, filename=row.file_name)


def _collaboration(request: HttpRequest, public_id: str) -> Collaboration:
    rows = collaboration_rows(Collaboration.objects.visible_to(person(request)))
    told = rows.select_related("offer__creator__user", "hold__payer", "hold__payee")
    return get_object_or_404(told, public_id=public_id)


def _pay(room: Collaboration, _data: dict[str, Any], request: HttpRequest) -> str:
    return work.pay(room, by=person(request)) or reverse("payment", args=[room.public_id])


def _changes(room: Collaboration, data: dict[str, Any], request: HttpRequest) -> object:
    return work.request_changes(room, changes=[work.Change(**data)], by=person(request))


def _to_review(room: Collaboration) -> dict[str, Any]:
    return {"submissions": room.submissions.prefetch_related("review_notes")[:1], "roles": frozenset()}


def _owed(room: Collaboration) -> dict[str, Any]:
    """The money as it is now: an attempt that failed has changed the row in memory, not in the books."""
    room.refresh_from_db(fields=["state", "begun_at"])
    return {"owed": cancelling.kill_fee(room)}


def _approving(room: Collaboration) -> str:
    """What happens to the money, which depends on whether the work is published."""
    if not room.contract["terms"]["publish_on"]:
        return _releasing(room)
    words = {"fee": room.offer.fee, "creator": room.offer.creator}
    return _("%(creator)s publishes it next. The %(fee)s stay held until you confirm the live post.") % words


def _releasing(room: Collaboration) -> str:
    words = {"fee": room.offer.fee, "creator": room.offer.creator}
    return _("%(fee)s go to %(creator)s now. This cannot be taken back.") % words


ASKS = {
    "pay": Ask(_pay, explain="You go to the checkout. The money is held until you approve the work."),
    "submit": Ask(
        lambda room, data, request: work.submit_work(room, by=person(request), **data),
        explain="The business has three working days to review; after that it is approved.",
        form=SubmissionForm,
    ),
    "request_changes": Ask(
        _changes,
        explain="Each request names the line of the contract that is not met. There are at most two rounds.",
        form=ChangesForm,
        template="campaigns/review.html",
        context=_to_review,
        options=lambda room: {"items": contract_items(room.contract)},
    ),
    "approve": Ask(
        lambda room, data, request: work.approve_work(room, by=person(request)),
        explain=_approving,
        template="campaigns/review.html",
        context=_to_review,
    ),
    "mark_live": Ask(
        lambda room, data, request: work.mark_live(room, url=data["url"], by=person(request)),
        explain="The business has three days to look; then the payment is released to you.",
        form=LiveForm,
    ),
    "accept_live": Ask(
        lambda room, data, request: work.accept_live(room, by=person(request)),
        explain=_releasing,
    ),
    "cancel": Ask(
        lambda room, data, request: ending.cancel(room, reason=data["reason"], by=person(request)),
        explain="The business gets all of its money back.",
        form=ReasonForm,
    ),
    "call_off": Ask(
        lambda room, data, request: ending.call_off(room, reason=data["reason"], by=person(request)),
        explain="Nothing was paid, so nothing is owed.",
        form=ReasonForm,
    ),
    "begin": Ask(
        lambda room, data, request: cancelling.begin(room, by=person(request)),
        explain="The business is told. If it cancels without a cause from now on, you keep more of the fee.",
    ),
    "cancel_paid": Ask(
        lambda room, data, request: cancelling.cancel_paid(room, by=person(request), **data),
        explain="You cancel without a cause, so the creator keeps what your contract says.",
        form=CancelPaidForm,
        template="campaigns/cancel_paid.html",
        context=_owed,
        options=lambda room: {"keeps_minor": cancelling.kill_fee(room).keeps.minor},
    ),
    "cancel_late": Ask(
        lambda room, data, request: ending.cancel_late(room, reason=data["reason"], by=person(request)),
        explain="The work is overdue, so you get all of your money back.",
        form=ReasonForm,
    ),
}
