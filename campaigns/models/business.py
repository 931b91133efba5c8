"""Who pays: a business and its people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from creators.models import Town
from marketplace.kit.models import Stamped
from marketplace.kit.texts import stays_one_line
from marketplace.users.rights import sees_all
from payments.models import Account

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.users.models import User


Row = TypeVar("Row", bound=models.Model)


class Role(models.TextChoices):
    """What a member may do: finance pays, manager runs campaigns, owner does both and the team, viewer looks."""

    OWNER = "owner", "Owner"
    MANAGER = "manager", "Manager"
    FINANCE = "finance", "Finance"
    VIEWER = "viewer", "Viewer"


class BusinessQuerySet(models.QuerySet["Business"]):
    """Reads that make the call English."""

    def visible_to(self, user: User | AnonymousUser) -> BusinessQuerySet:
        """The businesses this person is a member of; all for staff."""
        if not user.is_authenticated:
            return self.none()
        if sees_all(user, self.model):
            return self.all()
        return self.filter(pk__in=Member.objects.filter(user=user).values("business"))

    def joined_by(self, user: User, *roles: str) -> BusinessQuerySet:
        """The businesses this person belongs to, in one of these roles if any is named."""
        seats = Member.objects.filter(user=user)
        return self.filter(pk__in=(seats.filter(role__in=roles) if roles else seats).values("business"))


class OfTeamQuerySet(models.QuerySet[Row]):
    """Rows that only the business's own people see; ``business`` is the way from a row to it."""

    business = "business"

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The members of the business; all for staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self.all()
        return self.filter(**{f"{self.business}__in": Member.objects.filter(user=user).values("business")})


class MemberQuerySet(OfTeamQuerySet["Member"]):
    """Reads that make the call English."""

    def owned_by(self, user: User) -> MemberQuerySet:
        """This person's own seats."""
        return self.filter(user=user)


class InviteQuerySet(OfTeamQuerySet["Invite"]):
    """Reads that make the call English."""

    def open(self) -> InviteQuerySet:
        """Neither taken nor taken back; the time may be over."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def to_mail(self) -> InviteQuerySet:
        """Those whose mail has not left, while their link still opens the door."""
        return self.open().filter(mailed_at=None, expires_at__gt=timezone.now())


class Business(Stamped):
    """Who pays or gifts. Kept as long as contracts name it."""

    name = models.CharField(max_length=80)
    about = models.TextField(max_length=600, blank=True)
    website = models.URLField(max_length=200, blank=True)
    town = models.ForeignKey(Town, null=True, blank=True, on_delete=models.PROTECT, related_name="businesses")
    country = models.CharField(max_length=2, default="DE")
    currency = models.CharField(max_length=3, default="EUR")
    time_zone = models.CharField(max_length=64, default="Europe/Berlin")
    account = models.OneToOneField(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="business")

    objects = BusinessQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "businesses"
        constraints = [stays_one_line("name", name="business_name_one_line")]

    def __str__(self) -> str:
        return self.name


class Member(Stamped):
    """One person's place in a business. The last owner cannot leave."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["business", "user"], name="one_membership_each")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class Invite(Stamped):
    """A seat in the team offered to an e-mail address. The token in the link is kept only as its SHA-256."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="invites")
    email = models.EmailField()
    role = models.CharField(max_length=8, choices=Role.choices)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InviteQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "business",
                Lower("email"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invite_per_email",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"
