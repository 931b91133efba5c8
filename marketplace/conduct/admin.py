"""People, for the admin: look, suspend and reinstate with a reason; what a superuser edits is on record."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest

from marketplace.conduct.services import note_edit, reinstate_user, suspend_user
from marketplace.conduct.states import ACCOUNT, AccountState, state_of
from marketplace.trust.moderation import ModeratedAdmin
from marketplace.users.models import User


@admin.register(User)
class UserAdmin(ModeratedAdmin):
    """A person's account. Passwords are never shown or set here; staff rights belong to superusers."""

    moves = ACCOUNT.moves
    verbs = {"suspend": suspend_user, "reinstate": reinstate_user}
    list_display = ("email", "name", "created_at", "last_login", "suspended_at", "is_staff", "decide")
    list_filter = ("is_staff", ("suspended_at", admin.EmptyFieldListFilter))
    search_fields = ("email", "name", "public_id")
    ordering = ("-created_at",)
    fields = (
        *("public_id", "email", "name", "locale", "time_zone", "created_at", "last_login", "suspended_at", "decide"),
        *("is_active", "is_staff", "is_superuser", "groups"),
    )

    def state_of(self, thing: User) -> AccountState:
        return state_of(is_suspended=thing.is_suspended)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_decide(request)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fixed = ["public_id", "email", "created_at", "last_login", "suspended_at", "decide"]
        rights = ["is_active", "is_staff", "is_superuser", "groups"]
        return fixed if getattr(request.user, "is_superuser", False) else fixed + rights

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data:
            changes = {name: (_said(form.initial[name]), _said(form.cleaned_data[name])) for name in form.changed_data}
            note_edit(obj, changes=changes, by=cast(User, request.user))


def _said(value: Any) -> str:
    """A field's value in words; groups by their names."""
    return ", ".join(sorted(str(one) for one in value)) if hasattr(value, "__iter__") and value != str(value) else value
