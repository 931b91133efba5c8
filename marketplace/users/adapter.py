"""allauth, told our few differences."""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from marketplace.users.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Suspended people cannot log in; the page says why. Signing up does not tell who has an account. Our mails look
    like all of ours."""

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: object) -> HttpResponse | None:
        if isinstance(user, User) and user.is_suspended:
            return redirect("account_inactive")
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def send_account_already_exists_mail(self, email: str) -> None:
        """A known address takes as long as a new one: hashing a password is nearly all of that time."""
        make_password(secrets.token_urlsafe(12))
        super().send_account_already_exists_mail(email)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        told = {**context, "site_url": settings.SITE_URL}
        message: EmailMessage = super().render_mail(template_prefix, email, told, headers)
        return message
