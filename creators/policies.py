"""Who a person is to a creator's profile."""

from django.contrib.auth.models import AnonymousUser

from creators.models import Creator
from creators.states import CREATOR, CreatorState
from marketplace.kit.errors import Conflict, NotAllowed
from marketplace.kit.states import Move
from marketplace.users.models import User
from marketplace.users.rights import decides

SELF = "self"
ADMIN = "admin"


def roles_of(user: User | AnonymousUser | None, creator: Creator) -> set[str]:
    """“self” for the person whose profile it is, “admin” for staff who may change creators, nothing for others."""
    if user is None or not user.is_authenticated or not user.is_active:
        return set()
    roles = set()
    if creator.user_id is not None and creator.user_id == user.pk:
        roles.add(SELF)
    if decides(user, Creator):
        roles.add(ADMIN)
    return roles


def actions_for(user: User | AnonymousUser | None, creator: Creator) -> list[Move]:
    """The moves this person may make now, in the table's order."""
    return CREATOR.actions(creator.state, roles_of(user, creator))


def must_be(user: User, creator: Creator, *roles: str) -> None:
    """Refuse unless the person has one of these roles here; a suspended profile is nobody's to edit but the admin's."""
    held = roles_of(user, creator)
    if not held.intersection(roles):
        raise NotAllowed("not_yours", "This profile is not yours to change.")
    if creator.state == CreatorState.SUSPENDED and ADMIN not in held:
        raise Conflict("suspended", "This profile is suspended and can't be changed until that is lifted.")
