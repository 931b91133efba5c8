"""People, for the admin: look, suspend with a reason, nothing else."""

from typing import Any

from allauth.usersessions import admin as allauth_admin
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.http import HttpRequest

from marketplace.users.models import User

admin.site.unregister(UserSession)


@admin.register(UserSession)
class SessionAdmin(allauth_admin.UserSessionAdmin):  # type: ignore[misc]
    """Where somebody is logged in. allauth's own page searches for a user name, which nobody has."""

    list_select_related = ["user"]
    search_fields = ["user__email", "ip"]


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    """A person's account. Passwords are never shown or set here; staff rights belong to superusers."""

    list_display = ["email", "name", "created_at", "last_login", "suspended_at", "is_staff"]
    list_filter = ["is_staff", ("suspended_at", admin.EmptyFieldListFilter)]
    search_fields = ["email", "name", "public_id"]
    ordering = ["-created_at"]
    fields = [
        *["public_id", "email", "name", "locale", "time_zone", "created_at", "last_login", "suspended_at"],
        *["is_active", "is_staff", "is_superuser", "groups"],
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fixed = ["public_id", "email", "created_at", "last_login", "suspended_at"]
        rights = ["is_active", "is_staff", "is_superuser", "groups"]
        return fixed if getattr(request.user, "is_superuser", False) else fixed + rights

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
