"""allauth's forms with our words: one way to write “E-mail”, and labels that are sentences, not titles."""

from typing import Any

from allauth.account import forms as stock
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "password": _("Password"),
    "remember": _("Keep me logged in here"),
    "oldpassword": _("Your password now"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
}


class OurWords:
    """Puts our labels on whatever fields the form has."""

    words = LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            if name in self.words:
                field.label = self.words[name]
                if "placeholder" in field.widget.attrs:
                    field.widget.attrs["placeholder"] = self.words[name]


class Login(OurWords, stock.LoginForm):  # type: ignore[misc]
    """Log in."""


class Signup(OurWords, stock.SignupForm):  # type: ignore[misc]
    """Sign up."""

    words = {**LABELS, "password1": _("Password")}


class AddEmail(OurWords, stock.AddEmailForm):  # type: ignore[misc]
    """One more address."""


class ChangePassword(OurWords, stock.ChangePasswordForm):  # type: ignore[misc]
    """Another password."""


class SetPassword(OurWords, stock.SetPasswordForm):  # type: ignore[misc]
    """A first password."""


class ResetPassword(OurWords, stock.ResetPasswordForm):  # type: ignore[misc]
    """Ask for a link."""


class ResetPasswordFromKey(OurWords, stock.ResetPasswordKeyForm):  # type: ignore[misc]
    """Choose a new password behind the link."""
