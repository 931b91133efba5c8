"""The page where a person makes and revokes keys for programs."""

from datetime import timedelta

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.hooks.forms import KeyForm
from marketplace.hooks.models import ApiKey
from marketplace.hooks.services import READ, WRITE, make_key, revoke_key
from marketplace.users.requests import person


@require_http_methods(["GET", "POST"])
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def key_list(request: HttpRequest) -> HttpResponse:
    """One's own keys; making one shows it this once."""
    user, secret = person(request), ""
    form = KeyForm(request.POST or None)
    if form.is_valid():
        _key, secret = make_key(
            user,
            name=form.cleaned_data["name"],
            scopes=[READ, WRITE] if form.cleaned_data["may_write"] else [READ],
            expires_at=timezone.now() + timedelta(days=form.cleaned_data["days"]),
        )
        form = KeyForm()
    keys = ApiKey.objects.visible_to(user).filter(revoked_at=None)
    status = 400 if form.errors else 200
    return render(request, "hooks/keys.html", {"form": form, "keys": keys, "secret": secret}, status=status)


@require_POST
@login_required
def key_revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """The key stops working at once."""
    revoke_key(get_object_or_404(ApiKey.objects.visible_to(person(request)), public_id=public_id), by=person(request))
    return redirect("key_list")
