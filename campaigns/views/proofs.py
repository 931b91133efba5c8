"""The best possible plan: asked for on the plan's page, computed by a worker, and told when it is there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.forms import PlanForm
from campaigns.models import Campaign, PlanProof
from campaigns.services.plans import Wanted, prove_plan
from campaigns.shortlist import Asked
from campaigns.shortlist.proving import SECONDS
from campaigns.views.frame import standing
from campaigns.views.plan_words import question_of, verdict
from creators.models import Creator
from marketplace.kit.money import Money
from marketplace.users.requests import person


@require_POST
@login_required
def plan_prove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Have the best possible plan computed for what the plan was asked for."""
    rows = Campaign.objects.run_by(person(request)).select_related("business", "town")
    campaign = get_object_or_404(rows.prefetch_related("niches", "deliverables"), public_id=public_id)
    form = PlanForm(request.POST, campaign=campaign) if "budget" in request.POST else None
    if form is not None and not form.is_valid():
        messages.error(request, _("Make the plan first: something of what you asked for can’t be."))
        return redirect("campaign_plan", campaign.public_id)
    proof = prove_plan(campaign, form.wanted() if form else Wanted(), by=standing(request))
    return redirect("plan_proof", campaign.public_id, proof.public_id)


@require_safe
@login_required
def plan_proof(request: HttpRequest, public_id: str, proof_id: str) -> HttpResponse:
    """How far it is, and then how near the proposed plan comes to the best possible one."""
    campaign = get_object_or_404(Campaign.objects.run_by(person(request)), public_id=public_id)
    rows = PlanProof.objects.visible_to(person(request)).select_related("campaign")
    proof = get_object_or_404(rows, campaign=campaign, public_id=proof_id)
    asked = Asked.read(proof.question, proof.campaign.currency)
    context = {
        "proof": proof, "campaign": proof.campaign, "asked": asked,
        "plan_url": f"{reverse('campaign_plan', args=[public_id])}?{urlencode(question_of(asked))}",
    }  # fmt: skip
    return render(request, "campaigns/plan_proof.html", context | (_answer(proof) if proof.best else _progress(proof)))


def _progress(proof: PlanProof) -> dict[str, Any]:
    gone = 0.0 if proof.started_at is None else (timezone.now() - proof.started_at).total_seconds()
    return {"gone": min(round(gone), round(SECONDS)), "most": round(SECONDS)}


def _answer(proof: PlanProof) -> dict[str, Any]:
    currency = proof.campaign.currency
    found = Creator.objects.listed().only("pk", "handle", "display_name").in_bulk([pk for pk, _price in proof.best])
    planned = {pk for pk, _price in proof.planned}
    lines = [
        {"creator": found[pk], "price": Money(price, currency), "is_new": pk not in planned}
        for pk, price in proof.best
        if pk in found
    ]
    return {"lines": lines, "gone_since": len(proof.best) - len(lines), "verdict": verdict(proof)}
