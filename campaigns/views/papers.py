"""Invoices and credit notes: the list, one of them, its file, and what stands on later ones."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.forms import InvoiceDetailsForm
from campaigns.models import Business
from campaigns.policies import require
from campaigns.services import papers
from campaigns.states import PAYER
from campaigns.views.frame import creator_of
from marketplace.kit.files import PDF, attachment
from marketplace.kit.forms import attempt
from marketplace.kit.paging import page_of
from marketplace.users.requests import person
from payments.models import Invoice
from payments.papers import draw_invoice, facts_of, lines_of, notes_of, rows_of, title_of


@require_safe
@login_required
def invoice_list(request: HttpRequest) -> HttpResponse:
    """Every invoice of one's businesses and of oneself, the newest first."""
    page = page_of(request, papers.invoices_of(person(request)))
    return render(request, "campaigns/invoice_list.html", {"invoices": page})


@require_safe
@login_required
def invoice_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same words as on paper."""
    invoice = _invoice(request, public_id)
    context = {
        "invoice": invoice,
        "title": title_of(invoice),
        "seller": lines_of(invoice.seller),
        "buyer": lines_of(invoice.buyer),
        "facts": facts_of(invoice),
        "rows": rows_of(invoice),
        "notes": notes_of(invoice),
        "credit_notes": papers.invoices_of(person(request)).filter(corrects=invoice),
    }
    return render(request, "campaigns/invoice_detail.html", context)


@require_safe
@login_required
def invoice_pdf(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file."""
    invoice = _invoice(request, public_id)
    return attachment(draw_invoice(invoice), name=f"{invoice.label}.pdf", kind=PDF)


@require_http_methods(["GET", "POST"])
@login_required
def business_invoicing(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whoever pays says what invoices call the business."""
    user = person(request)
    rows = Business.objects.visible_to(user).select_related("account")
    business = get_object_or_404(rows, public_id=public_id)
    require(user, business, PAYER)
    return _details(
        request,
        initial=papers.details_of(business.account, name=business.name),
        save=lambda **said: papers.change_business_details(business, by=user, **said),
        back=reverse("team", args=[public_id]),
        label=business.name,
    )


@require_http_methods(["GET", "POST"])
@login_required
def creator_invoicing(request: HttpRequest) -> HttpResponse:
    """A creator says what invoices call them."""
    user = person(request)
    creator = creator_of(request)
    return _details(
        request,
        initial=papers.details_of(creator.account, name=user.name),
        save=lambda **said: papers.change_creator_details(creator, by=user, **said),
        back=reverse("earnings"),
        label=_("Earnings"),
    )


def _details(
    request: HttpRequest, *, initial: dict[str, str], save: Callable[..., Any], back: str, label: str
) -> HttpResponse:
    form = InvoiceDetailsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: save(**form.cleaned_data))
        if not form.errors:
            messages.success(request, _("Saved. Later invoices say it like this."))
            return redirect(back)
    context = {"form": form, "back": back, "label": label}
    return render(request, "campaigns/invoicing.html", context, status=400 if form.errors else 200)


def _invoice(request: HttpRequest, public_id: str) -> Invoice:
    return get_object_or_404(papers.invoices_of(person(request)), public_id=public_id)
