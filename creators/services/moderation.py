"""The listing's life: asked for, approved or sent back with a reason, paused, suspended."""

from django.db import transaction
from django.utils.translation import gettext as _

from creators.models import Creator
from creators.moves import move
from creators.services.accounts import give_account
from creators.services.profiles import missing_for_review
from creators.validity import refuse
from marketplace.kit.errors import Conflict
from marketplace.notices.services import notify
from marketplace.users.models import User

OWN_PAGE = "/me/profile/"
REASON_MAX = 500


@transaction.atomic
def submit_creator(creator: Creator, *, by: User) -> None:
    """The creator asks to be listed; everything a business needs to decide must be there."""
    move(creator, "submit", by=by, state_reason="")
    creator.refresh_from_db()
    missing = missing_for_review(creator)
    if missing:
        steps = [sentence for _section, sentence in missing]
        raise Conflict("profile_incomplete", _("Something is still missing: ") + " ".join(steps), missing=steps)


@transaction.atomic
def approve_creator(creator: Creator, *, by: User, reason: str = "") -> None:
    """The profile is listed; the account that will be paid is opened."""
    move(creator, "approve", by=by, reason=reason.strip(), state_reason="")
    give_account(creator)
    notify(creator.user, kind="creator", text=_("Your profile is approved. Businesses can find you now."), url=OWN_PAGE)


@transaction.atomic
def reject_creator(creator: Creator, *, reason: str, by: User) -> None:
    """The profile goes back with a reason its owner can act on."""
    said = _reason(reason)
    move(creator, "reject", by=by, reason=said, state_reason=said)
    notify(creator.user, kind="creator", text=_("Your profile needs changes: ") + said, url=OWN_PAGE)


@transaction.atomic
def pause_creator(creator: Creator, *, by: User) -> None:
    """The creator takes a break: no search and no matching shows them."""
    move(creator, "pause", by=by)


@transaction.atomic
def resume_creator(creator: Creator, *, by: User) -> None:
    """The creator is back and can be found again."""
    move(creator, "resume", by=by)


@transaction.atomic
def suspend_creator(creator: Creator, *, reason: str, by: User) -> None:
    """The profile is taken down with a reason."""
    said = _reason(reason)
    move(creator, "suspend", by=by, reason=said, state_reason=said)
    notify(creator.user, kind="creator", text=_("Your profile is suspended: ") + said, url=OWN_PAGE)


@transaction.atomic
def reinstate_creator(creator: Creator, *, reason: str, by: User) -> None:
    """A suspended profile is listed again, with the reason on record."""
    move(creator, "reinstate", by=by, reason=_reason(reason), state_reason="")
    notify(creator.user, kind="creator", text=_("Your profile is listed again."), url=OWN_PAGE)


def _reason(reason: str) -> str:
    said = reason.strip()
    if not said:
        raise refuse("reason", _("Give a reason the creator can act on."), code="reason_required")
    if len(said) > REASON_MAX:
        raise refuse("reason", _("Keep the reason under %(max)d letters.") % {"max": REASON_MAX})
    return said
