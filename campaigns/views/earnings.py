"""What a creator has earned, where it is, and how it gets to the bank."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.forms import MinimumForm, PayoutForm
from campaigns.models import Collaboration
from campaigns.services import earnings as services
from campaigns.views.frame import creator_of
from campaigns.views.rows import NEAREST, collaboration_rows
from marketplace.kit.forms import attempt
from marketplace.kit.paging import page_of
from marketplace.users.requests import person
from payments.minimums import LONGEST_WAIT, bounds
from payments.models import Payout
from payments.reads import earnings as earned
from payments.reads import owed
from payments.words import needs


@require_safe
@login_required
def earnings(request: HttpRequest) -> HttpResponse:
    """Secured, on its way, paid; and what the bank still needs to know."""
    creator = creator_of(request)
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
        "this_year": timezone.now().year,
        "longest_wait": LONGEST_WAIT.days,
        "needs": needs(account.requirements),
        "owed": owed(account),
        "may_payout": account.payouts_enabled and not account.is_paused and money.available.minor > 0,
        "payouts": page_of(
            request, Payout.objects.for_accounts([account]).select_related("bank_account"), name="payouts"
        ),
        "collaborations": page_of(request, rooms, by=NEAREST, name="work"),
    }
    return render(request, "campaigns/earnings.html", context)


@require_POST
@login_required
def onboarding_start(request: HttpRequest) -> HttpResponse:
    """Go to the bank's own page and say who gets the money."""
    return redirect(services.start_onboarding(creator_of(request), by=person(request)) or "earnings")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def payout_request(request: HttpRequest) -> HttpResponse:
    """Say what a payout now would bring and cost; then send it."""
    creator, by = creator_of(request), person(request)
    form = PayoutForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        payout = attempt(form, lambda: services.request_payout(creator, by=by, **form.cleaned_data))
        if payout is not None:
            messages.success(request, _("%(sum)s is on its way to your bank.") % {"sum": payout.amount})
            return redirect("earnings")
    quotes = services.quote_payouts(creator, by=by)
    form.tell(quotes)
    status = 409 if form.non_field_errors() else 400 if form.errors else 200
    return render(request, "campaigns/payout.html", {"form": form, "bank": quotes[0].bank}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def payout_minimum(request: HttpRequest) -> HttpResponse:
    """From how much on money is paid out by itself."""
    creator, by = creator_of(request), person(request)
    account = services.account_of(creator, by=by)
    given = request.POST if request.method == "POST" else None
    form = MinimumForm(given, currency=account.currency, initial={"minimum": account.payout_minimum})
    if form.is_valid():
        attempt(form, lambda: services.set_minimum(creator, form.cleaned_data["minimum"], by=by))
        if not form.errors:
            messages.success(request, _("Saved."))
            return redirect("earnings")
    lowest, highest = bounds(account.currency)
    context = {"form": form, "lowest": lowest, "highest": highest, "longest_wait": LONGEST_WAIT.days}
    return render(request, "campaigns/payout_minimum.html", context, status=400 if form.errors else 200)
