"""A creator's year: the page, and the same as files."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.services.statements import Year, statement_csv, statement_pdf, year_of
from campaigns.views.frame import creator_of
from creators.models import Creator
from marketplace.kit.files import CSV, PDF, attachment
from marketplace.users.requests import person
from payments.papers import HEADS, period


@require_safe
@login_required
def statement(request: HttpRequest, year: int) -> HttpResponse:
    """One year by month and by collaboration, for each currency."""
    _creator, found = _year(request, year)
    context = {
        "year": found,
        "period": period(year),
        "tables": [
            (
                one,
                [(date(year, month, 1), None, sums) for month, sums in one.months],
                [(payment, found.works.get(payment), sums) for payment, sums in one.payments],
            )
            for one in found.statements
        ],
        "heads": [_(head) for head in HEADS],
    }
    return render(request, "campaigns/statement.html", context)


@require_safe
@login_required
def statement_pdf_file(request: HttpRequest, year: int) -> HttpResponse:
    """The year on paper."""
    creator, found = _year(request, year)
    return attachment(statement_pdf(creator, found), name=f"statement-{year}.pdf", kind=PDF)


@require_safe
@login_required
def statement_csv_file(request: HttpRequest, year: int) -> HttpResponse:
    """The year's movements, for a spreadsheet."""
    return attachment(statement_csv(_year(request, year)[1]), name=f"statement-{year}.csv", kind=CSV)


def _year(request: HttpRequest, year: int) -> tuple[Creator, Year]:
    creator = creator_of(request)
    found = year_of(creator, year, by=person(request))
    if found is None:
        raise Http404
    return creator, found
