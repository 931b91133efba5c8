"""The outbox to Stripe and the inbox from it. The row is the queue; a task only wakes somebody up."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from marketplace.kit.models import Stamped
from payments.models.accounts import Account
from payments.states import LIVE_OPERATIONS, EventState, OperationState


class OperationQuerySet(models.QuerySet["Operation"]):
    """Operations, as the sweep and the admin ask for them."""

    def due(self, now: datetime) -> "OperationQuerySet":
        """To be sent now: new, to be tried again, or claimed by a worker that died."""
        return self.filter(
            Q(state=OperationState.PENDING, next_try_at__lte=now) | Q(state=OperationState.CLAIMED, lease_until__lt=now)
        )

    def stuck(self) -> "OperationQuerySet":
        return self.filter(Q(state=OperationState.PARKED) | Q(state__in=LIVE_OPERATIONS, tries__gte=3))


class Operation(Stamped):
    """One thing to be done at Stripe, exactly once. Parameters are frozen; an unclear answer keeps the same key."""

    kind = models.CharField(max_length=40)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    params = models.JSONField()
    acts_as = models.CharField(max_length=64, blank=True, help_text="The connected account it acts as, if any.")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="operations")
    hold = models.ForeignKey(
        "payments.Hold", on_delete=models.PROTECT, null=True, blank=True, related_name="operations"
    )
    wallet = models.ForeignKey(
        "payments.Wallet", on_delete=models.PROTECT, null=True, blank=True, related_name="operations"
    )
    slot = models.CharField(max_length=64, blank=True, help_text="At most one live operation has this.")
    attempt = models.PositiveSmallIntegerField(default=1, help_text="Part of the key; grows only once Stripe has none.")
    tries = models.PositiveIntegerField(default=0)
    first_sent_at = models.DateTimeField(null=True, blank=True, help_text="When this attempt was first sent.")
    lease_until = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=300, blank=True, help_text="What the last try brought.")
    result = models.JSONField(default=dict, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=OperationState.choices, default=OperationState.PENDING)

    objects = OperationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slot"],
                condition=Q(state__in=LIVE_OPERATIONS) & ~Q(slot=""),
                name="one_live_operation_per_slot",
            ),
            models.CheckConstraint(condition=Q(state__in=OperationState.values), name="operation_state_known"),
        ]
        indexes = [models.Index(fields=["state", "next_try_at"], name="operation_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def op_id(self) -> str:
        """What Stripe keeps in the object's metadata, to find it again."""
        return str(self.key)

    @property
    def idempotency_key(self) -> str:
        return f"op_{self.key}_{self.attempt}"


class StripeEventQuerySet(models.QuerySet["StripeEvent"]):
    """Events, as the sweep and the admin ask for them."""

    def due(self, now: datetime) -> "StripeEventQuerySet":
        return self.filter(
            Q(state=EventState.RECEIVED, next_try_at__lte=now) | Q(state=EventState.CLAIMED, lease_until__lt=now)
        )

    def stuck(self) -> "StripeEventQuerySet":
        unread = [EventState.RECEIVED, EventState.CLAIMED]
        return self.filter(Q(state=EventState.PARKED) | Q(state__in=unread, tries__gte=3))

    def livemode(self) -> bool | None:
        """Whether these books are of real money, by the first news they have; None before any."""
        first = self.order_by("pk").values_list("payload__livemode", flat=True).first()
        return first if isinstance(first, bool) else None


class StripeEvent(Stamped):
    """One event Stripe told us, kept as it came. Stored once by its id; read in a transaction of its own."""

    event_id = models.CharField(max_length=255, unique=True)
    kind = models.CharField(max_length=80, db_index=True)
    acts_as = models.CharField(max_length=64, blank=True, help_text="The connected account it happened on, if any.")
    happened_at = models.DateTimeField()
    payload = models.JSONField()
    tries = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=EventState.choices, default=EventState.RECEIVED)

    objects = StripeEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EventState.values), name="event_state_known"),
        ]
        indexes = [models.Index(fields=["state", "next_try_at"], name="event_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class Bookmark(models.Model):
    """How far Stripe's own list of events was read to its end, for the platform or one connected account."""

    acts_as = models.CharField(max_length=64, unique=True, blank=True, help_text="The connected account, if any.")
    read_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.acts_as or 'platform'} until {self.read_until:%Y-%m-%d %H:%M}"
