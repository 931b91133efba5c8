"""Suspending a person and lifting it again: with a reason, on record, told by mail."""

from collections.abc import Mapping

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from marketplace.conduct.states import ACCOUNT, state_of
from marketplace.kit.errors import Invalid, NotAllowed
from marketplace.notices.services import notify
from marketplace.trust.services import record
from marketplace.users.models import User

LONGEST_REASON = 250  # so that all of it stands in the mail
CHANGE_USER = "users.change_user"


@transaction.atomic
def suspend_user(user: User, *, reason: str, by: User) -> User:
    """The person is logged out everywhere and their keys stop; the reason goes to them by mail."""
    said = _decide(user, "suspend", reason=reason, by=by)
    user.suspended_at = timezone.now()
    user.save(update_fields=["suspended_at", "updated_at"])
    for session in UserSession.objects.filter(user=user):
        session.end()
    record(act="user.suspend", thing=user, by=by, reason=said)
    with translation.override(user.locale):
        text = _("Your account is paused: {reason}").format(reason=said)
    notify(user, kind="user.suspend", text=text, url="/accounts/inactive/")
    return user


@transaction.atomic
def reinstate_user(user: User, *, reason: str, by: User) -> User:
    """The person may log in again, and their keys work again."""
    said = _decide(user, "reinstate", reason=reason, by=by)
    user.suspended_at = None
    user.save(update_fields=["suspended_at", "updated_at"])
    record(act="user.reinstate", thing=user, by=by, reason=said)
    with translation.override(user.locale):
        text, step = _("Your account is open again."), _("Log in")
    notify(user, kind="user.reinstate", text=text, url="/", next_step=step)
    return user


def note_edit(user: User, *, changes: Mapping[str, tuple[object, object]], by: User) -> None:
    """What an admin changed in somebody's account by hand: field → (before, after)."""
    said = "; ".join(f"{name}: {before} → {after}" for name, (before, after) in changes.items())
    record(act="user.edit", thing=user, by=by, reason=said)


def _decide(user: User, verb: str, *, reason: str, by: User) -> str:
    """Hold the account and refuse what the table, the rights or an empty reason refuse. Returns the reason."""
    user.refresh_from_db(from_queryset=User.objects.select_for_update(no_key=True))
    ACCOUNT.find(state_of(is_suspended=user.is_suspended), verb, {"admin"} if by.has_perm(CHANGE_USER) else set())
    if user == by or (user.is_superuser and not by.is_superuser):
        raise NotAllowed("not_yours", "This account is not yours to decide about.")
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON:
        wrong = f"Give a reason of up to {LONGEST_REASON} letters; the person reads it."
        raise Invalid.at("reason", "reason_missing", wrong)
    return said
