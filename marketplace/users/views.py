"""The page of one's own name and clock; allauth has the rest of the account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from marketplace.kit.forms import attempt
from marketplace.users.forms import PersonForm
from marketplace.users.requests import person
from marketplace.users.services import edit_person


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def person_edit(request: HttpRequest) -> HttpResponse:
    """The name others see, and the zone in which times are shown."""
    user = person(request)
    names = ("name", "time_zone", "wants_finds")
    form = PersonForm(request.POST or None, initial={name: getattr(user, name) for name in names})
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: edit_person(user, **form.cleaned_data))
        if not form.errors:
            messages.success(request, _("Saved."))
            return redirect("person_edit")
    return render(request, "account/person.html", {"form": form}, status=400 if form.errors else 200)
