"""The campaign's own money: what it costs to pay in, what is there, what it pays for, and its way back."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.forms import FundForm
from campaigns.models import Campaign, Collaboration
from campaigns.services import funding
from campaigns.views.frame import buttons
from campaigns.views.rows import collaboration_rows
from campaigns.views.verbs import Ask
from marketplace.kit.money import Money
from marketplace.kit.paging import page_of
from marketplace.users.requests import person
from payments import purses
from payments.reads import method_costs

NEWEST = ("-signed_at", "-id")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one way to pay costs in processing: the whole at once, and offer by offer."""

    method: str
    at_once: Money
    one_by_one: Money


@require_safe
@login_required
def campaign_money(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was paid in, what it pays for, what is left; back from the checkout it asks the bank once more."""
    rows = Campaign.objects.run_by(person(request)).select_related("business", "wallet")
    campaign = get_object_or_404(rows, public_id=public_id)
    purse = funding.purse_of(campaign)
    if "paid" in request.GET and funding.look_again(campaign, by=person(request)):
        return redirect("campaign_money", campaign.public_id)
    paid_for = Collaboration.objects.visible_to(request.user).filter(hold__wallet__campaign=campaign)
    drawn = paid_for.annotate(drawn_minor=purses.drawn(OuterRef("hold")))
    context = {
        "campaign": campaign,
        "purse": purse,
        "is_waiting": "paid" in request.GET,
        "to_fund": funding.to_fund(campaign, purse),
        "buttons": buttons(request, campaign, MONEY_ASKS),
        "collaborations": page_of(request, collaboration_rows(drawn), by=NEWEST, name="work"),
    }
    return render(request, "campaigns/campaign_money.html", context)


def _each_way(campaign: Campaign, whole: Money) -> list[Cost]:
    """What each way to pay this would cost, cheapest first."""
    offers = min(campaign.creators_wanted, max(whole.minor, 1))
    each = Money(whole.minor // offers, whole.currency)
    country = campaign.business.country
    single = {cost.method: cost.estimate for cost in method_costs(each, country=country)}
    return [
        Cost(cost.method, cost.estimate, Money(single[cost.method].minor * offers, whole.currency))
        for cost in method_costs(whole, country=country)
    ]


def _fund(campaign: Campaign, data: dict[str, Any], request: HttpRequest) -> str:
    url = funding.fund_campaign(campaign, amount=data["amount"], by=person(request))
    return url or reverse("campaign_money", args=[campaign.public_id])


def _to_fund(campaign: Campaign) -> dict[str, Any]:
    return {"currency": campaign.currency, "initial": {"amount": _needed(campaign)}}


def _costs(campaign: Campaign) -> dict[str, Any]:
    needed = _needed(campaign)
    return {"costs": _each_way(campaign, needed), "to_fund": needed}


def _returning(campaign: Campaign) -> str:
    """How much goes back, or that there is nothing."""
    purse = funding.purse_of(campaign)
    if purse is None or not purse.free:
        return _("Nothing is left to return. Signed work stays paid.")
    return _("%(left)s go back to where they came from. Signed work stays paid.") % {"left": purse.free}


def _needed(campaign: Campaign) -> Money:
    return funding.to_fund(campaign, funding.purse_of(campaign))


MONEY_ASKS = {
    "fund": Ask(
        _fund,
        explain="Pay once for the whole campaign. Each signed offer is paid from it at once, and you approve the work.",
        form=FundForm,
        options=_to_fund,
        template="campaigns/fund.html",
        context=_costs,
    ),
    "return_money": Ask(
        lambda campaign, data, request: funding.return_money(campaign, by=person(request)),
        explain=_returning,
    ),
}
