"""What a creator has earned, where it is, and how it gets to the bank."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.models import Collaboration
from campaigns.services import earnings as services
from campaigns.views.rows import NEAREST, collaboration_rows
from creators.models import Creator
from marketplace.kit.paging import page_of
from marketplace.users.requests import person
from payments.models import Payout
from payments.reads import earnings as earned
from payments.services.payouts import LONGEST_WAIT


@require_safe
@login_required
def earnings(request: HttpRequest) -> HttpResponse:
    """Secured, on its way, paid; and what the bank still needs to know."""
    creator = _creator(request)
    if services.lacks_place(creator):
        return render(request, "campaigns/earnings_start.html")
    if "back" in request.GET:
        services.look_again(creator, by=person(request))
        return redirect("earnings")
    account = services.account_of(creator, by=person(request))
    money = earned(account)
    rooms = collaboration_rows(Collaboration.objects.visible_to(request.user).filter(offer__creator=creator))
    context = {
        "creator": creator,
        "account": account,
        "money": money,
        "moving": money.on_its_way + money.paying_out,
        "longest_wait": LONGEST_WAIT.days,
        "may_payout": account.payouts_enabled and money.available.minor > 0,
        "payouts": page_of(request, Payout.objects.for_accounts([account]), name="payouts"),
        "collaborations": page_of(request, rooms, by=NEAREST, name="work"),
    }
    return render(request, "campaigns/earnings.html", context)


@require_POST
@login_required
def onboarding_start(request: HttpRequest) -> HttpResponse:
    """Go to the bank's own page and say who gets the money."""
    return redirect(services.start_onboarding(_creator(request), by=person(request)) or "earnings")


@require_POST
@login_required
def payout_request(request: HttpRequest) -> HttpResponse:
    """Send what is available to the bank now."""
    payout = services.request_payout(_creator(request), by=person(request))
    messages.success(request, _("%(sum)s is on its way to your bank.") % {"sum": payout.amount})
    return redirect("earnings")


def _creator(request: HttpRequest) -> Creator:
    return get_object_or_404(Creator.objects.owned_by(request.user).select_related("account", "user"))
