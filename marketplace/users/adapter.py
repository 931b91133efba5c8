"""allauth, told our few differences."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from marketplace.users.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Suspended people cannot log in; the page says why."""

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: object) -> HttpResponse | None:
        if isinstance(user, User) and user.is_suspended:
            return redirect("account_inactive")
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response
