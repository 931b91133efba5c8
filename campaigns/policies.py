"""Who a person is to a thing. The state tables say what those roles may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils.functional import cached_property

from campaigns.models import Application, Business, Campaign, Collaboration, Invitation, Member, Offer, Role
from campaigns.states import ADMIN, CREATOR, MANAGER, PAYER
from marketplace.kit.errors import NotAllowed
from marketplace.users.rights import decides

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.users.models import User

Thing = Business | Campaign | Invitation | Application | Offer | Collaboration

OWNER, VIEWER = "owner", "viewer"
GRANTS: dict[str, frozenset[str]] = {
    Role.OWNER: frozenset({OWNER, MANAGER, PAYER, VIEWER}),
    Role.MANAGER: frozenset({MANAGER, VIEWER}),
    Role.FINANCE: frozenset({PAYER, VIEWER}),
    Role.VIEWER: frozenset({VIEWER}),
}
NOBODY: frozenset[str] = frozenset()


class Standing:
    """One person's roles towards many things, with one query for all of them: lists ask this."""

    def __init__(self, user: User | AnonymousUser) -> None:
        self.user = user

    @property
    def is_somebody(self) -> bool:
        return self.user.is_authenticated and self.user.is_active and not self.user.is_suspended

    @cached_property
    def teams(self) -> dict[int, str]:
        """Their role in each business, read when first asked for."""
        return dict(Member.objects.filter(user=cast("User", self.user)).order_by().values_list("business_id", "role"))

    def businesses(self, role: str) -> list[int]:
        """The businesses, by primary key, in which this person has a role."""
        return [business for business, team in self.teams.items() if role in GRANTS[team]]

    def roles(self, thing: Thing) -> frozenset[str]:
        """Every role towards this thing. Strangers have none; staff act as admin only in the admin."""
        if not self.is_somebody:
            return NOBODY
        roles = GRANTS.get(self.teams.get(_business_id(thing), ""), NOBODY)
        if _creator_user_id(thing) == self.user.pk:
            roles |= {CREATOR}
        if decides(self.user, type(thing)):
            roles |= {ADMIN}
        return roles


def roles_of(user: User | AnonymousUser, thing: Thing) -> frozenset[str]:
    """Every role this person has towards this thing, as the database says now."""
    return Standing(user).roles(thing)


def require(user: User | AnonymousUser | Standing, thing: Thing, role: str) -> None:
    """Raise NotAllowed unless this person has this role towards this thing."""
    roles = user.roles(thing) if isinstance(user, Standing) else roles_of(user, thing)
    if role not in roles:
        raise NotAllowed("not_yours", "This is not yours to do.", role=role)


def _business_id(thing: Thing) -> int:
    match thing:
        case Business():
            return thing.pk
        case Campaign():
            return thing.business_id
        case Collaboration():
            return thing.offer.campaign.business_id
        case _:
            return thing.campaign.business_id


def _creator_user_id(thing: Thing) -> int | None:
    match thing:
        case Business() | Campaign():
            return None
        case Collaboration():
            return thing.offer.creator.user_id
        case _:
            return thing.creator.user_id
