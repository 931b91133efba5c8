"""Offers: made, answered, signed."""

import itertools
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import budget
from campaigns.forms import (
    AcceptForm,
    AgreeForm,
    AnswerForm,
    CounterForm,
    DeliverableFormSet,
    ReasonForm,
    TermsForm,
)
from campaigns.models import Campaign, Offer
from campaigns.moves import check
from campaigns.policies import require
from campaigns.services import offers
from campaigns.services.earnings import lacks_bank
from campaigns.states import MANAGER, OfferState
from campaigns.terms import brief_of, differences
from campaigns.views import prefill
from campaigns.views.frame import buttons
from campaigns.views.prices import asked_by, sum_of
from campaigns.views.rows import offer_rows
from campaigns.views.verbs import Ask, answer_verb
from creators.models import Creator
from marketplace.kit.forms import attempt
from marketplace.kit.money import Money
from marketplace.kit.paging import page_of
from marketplace.users.requests import address, person


@require_safe
@login_required
def offer_list(request: HttpRequest) -> HttpResponse:
    """Offers of both hats, the newest first."""
    page = page_of(request, offer_rows(Offer.objects.visible_to(person(request))))
    return render(request, "campaigns/offer_list.html", {"offers": page})


@require_safe
@login_required
def offer_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The terms on the table, what changed since the last version, and what one may do."""
    offer = _offer(request, public_id)
    versions = list(offer.terms.select_related("by"))
    terms = next(version for version in versions if version.number == offer.version)
    cost = budget.cost(terms.fee)
    left = budget.left(offer.campaign, besides=offer) if offer.state == OfferState.COUNTERED else None
    is_over = left is not None and cost > left
    possible = {*ASKS, *TERMS_VERBS} - ({"agree"} if is_over else set())
    changes = [(after, differences(before, after)) for before, after in itertools.pairwise(versions)]
    context = {
        "offer": offer,
        "terms": terms,
        "versions": versions,
        "changes": changes[::-1],
        "cost": cost,
        "left": left if is_over and offer.creator.user_id != person(request).pk else None,
        "buttons": buttons(request, offer, possible),
        "lacks_bank": offer.creator.user_id == person(request).pk and lacks_bank(offer.creator, offer.currency),
    }
    return render(request, "campaigns/offer_detail.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def offer_new(request: HttpRequest, public_id: str, handle: str) -> HttpResponse:
    """Make an offer to one creator, prefilled from the brief."""
    campaign = get_object_or_404(Campaign.objects.run_by(person(request)), public_id=public_id)
    require(person(request), campaign, MANAGER)
    creator = get_object_or_404(Creator.objects.listed(), handle=handle)
    initial = prefill.terms_from_brief(campaign)
    asked = asked_by(creator, campaign, initial["deliverables"])
    initial["fee"] = asked.first_fee(initial["fee"])
    form, items = _terms_forms(request, campaign.currency, initial)
    if request.method == "POST" and form.is_valid() and items.is_valid():
        terms = form.draft(items.items())
        offer = attempt(form, lambda: offers.send_offer(campaign, creator, terms=terms, by=person(request)))
        if offer is not None:
            return redirect(offer)
    context = {
        "campaign": campaign, "creator": creator, "form": form, "items": items, "brief": brief_of(campaign),
        "asked": asked, **sum_of(_typed_fee(form), campaign),
    }  # fmt: skip
    return render(request, "campaigns/offer_form.html", context, status=_status(request, form, items))


@require_http_methods(["GET", "POST"])
@login_required
def offer_verb(request: HttpRequest, public_id: str, verb: str) -> HttpResponse:
    """One verb of the offer's table."""
    offer = _offer(request, public_id)
    if verb in TERMS_VERBS:
        return _new_terms(request, offer, verb)
    return answer_verb(request, offer, verb, ASKS)


def _new_terms(request: HttpRequest, offer: Offer, verb: str) -> HttpResponse:
    """Counter or revise: the same form, filled with what is on the table."""
    check(offer, verb, by=person(request))
    start = {**prefill.terms_on_table(offer), "version": offer.version}
    kind = CounterForm if verb == "counter" else AnswerForm
    work = start["deliverables"]
    form, items = _terms_forms(request, offer.currency, start, kind=kind)
    if request.method == "POST" and form.is_valid() and items.is_valid():
        terms, version = form.draft(items.items()), form.cleaned_data["version"]
        attempt(form, lambda: TERMS_VERBS[verb](offer, terms=terms, version=version, by=person(request)))
        if not form.errors:
            return redirect(offer)
    context = {
        "offer": offer, "campaign": offer.campaign, "creator": offer.creator, "form": form, "items": items,
        "brief": offers.current_terms(offer).brief if verb == "counter" else brief_of(offer.campaign), "verb": verb,
    }  # fmt: skip
    if verb == "revise":
        asked = asked_by(offer.creator, offer.campaign, work)
        context |= {"asked": asked, **sum_of(_typed_fee(form), offer.campaign, besides=offer)}
    return render(request, "campaigns/offer_form.html", context, status=_status(request, form, items))


def _terms_forms(
    request: HttpRequest, currency: str, initial: dict[str, Any], *, kind: type[TermsForm] = TermsForm
) -> tuple[Any, Any]:
    lines = initial.pop("deliverables", [])
    if request.method == "POST":
        return kind(request.POST, currency=currency), DeliverableFormSet(request.POST, prefix="items")
    return kind(initial=initial, currency=currency), DeliverableFormSet(initial=lines, prefix="items")


def _typed_fee(form: TermsForm) -> Money | None:
    """The fee on the page: as typed, or as it was filled in."""
    fee = form.cleaned_data.get("fee") if form.is_bound and form.is_valid() else form.initial.get("fee")
    return fee if isinstance(fee, Money) else None


def _status(request: HttpRequest, form: TermsForm, items: Any) -> int:
    if request.method != "POST":
        return 200
    return 409 if form.non_field_errors() else 400 if form.errors or items.errors else 200


def _payee_facts(offer: Offer) -> dict[str, Any]:
    """What whoever is paid should know of the money before they sign."""
    return {"offer": offer, "lacks_bank": lacks_bank(offer.creator, offer.currency)}


def _offer(request: HttpRequest, public_id: str) -> Offer:
    rows = Offer.objects.visible_to(person(request)).select_related(
        "campaign__business", "creator__user", "creator__account"
    )
    return get_object_or_404(rows, public_id=public_id)


TERMS_VERBS = {"counter": offers.counter_offer, "revise": offers.revise_offer}
# What is signed stands on the page, and the version that was read is sent with the answer.
THE_TERMS: Any = {
    "options": lambda offer: {"initial": {"version": offer.version}},
    "template": "campaigns/offer_sign.html",
    "context": lambda offer: {"terms": offers.current_terms(offer)},
}
ASKS = {
    "accept": Ask(
        lambda offer, data, request: offers.accept_offer(
            offer, version=data["version"], signature=data["signature"], address=address(request), by=person(request)
        ),
        explain="The terms freeze into a contract. The business then secures the payment before you start.",
        form=AcceptForm,
        **THE_TERMS | {"context": lambda offer: THE_TERMS["context"](offer) | _payee_facts(offer)},
    ),
    "decline": Ask(
        lambda offer, data, request: offers.decline_offer(offer, reason=data["reason"], by=person(request)),
        explain="The business is told and may make another offer.",
        form=ReasonForm,
    ),
    "take_back": Ask(
        lambda offer, data, request: offers.take_back_offer(offer, by=person(request)),
        explain="The offer as the business last signed it is on the table again, and you have three days to answer.",
    ),
    "agree": Ask(
        lambda offer, data, request: offers.agree_offer(offer, version=data["version"], by=person(request)),
        explain="The creator's terms become yours; the creator signs next.",
        form=AgreeForm,
        **THE_TERMS,
    ),
    "extend": Ask(
        lambda offer, data, request: offers.extend_offer(offer, by=person(request)),
        explain="The creator gets another three days, once.",
    ),
    "withdraw": Ask(
        lambda offer, data, request: offers.withdraw_offer(offer, reason=data["reason"], by=person(request)),
        explain="The offer ends, and its sum is free again in your budget.",
        form=ReasonForm,
    ),
}
