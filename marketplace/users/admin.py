"""Where people are logged in. The people themselves are moderated in `marketplace.conduct`."""

from allauth.usersessions import admin as allauth_admin
from allauth.usersessions.models import UserSession
from django.contrib import admin

admin.site.unregister(UserSession)


@admin.register(UserSession)
class SessionAdmin(allauth_admin.UserSessionAdmin):  # type: ignore[misc]
    """Where somebody is logged in. allauth's own page searches for a user name, which nobody has."""

    list_select_related = ["user"]
    search_fields = ["user__email", "ip"]
