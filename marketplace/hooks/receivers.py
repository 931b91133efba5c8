"""What a new password means for keys."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from marketplace.hooks.services import live_keys, revoke_all
from marketplace.users.models import User


def connect() -> None:
    """Listen to the account pages, once per process."""
    password_reset.connect(on_password_reset, dispatch_uid="hooks.on_password_reset")
    password_changed.connect(on_password_changed, dispatch_uid="hooks.on_password_changed")


def on_password_reset(*, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Whoever lost control of an account lost control of its keys: all of them stop."""
    if revoke_all(user):
        messages.warning(request, _("Your API keys stopped working with the reset. Make new ones when you need them."))


def on_password_changed(*, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Programs go on working; the person is told that they do."""
    if live_keys(user):
        messages.warning(request, _("Your API keys go on working. Look at them under Account → API keys."))
