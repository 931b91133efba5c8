"""Writing down who did what."""

from django.db import models

from marketplace.kit.errors import Invalid
from marketplace.trust.models import AuditEntry, Strike
from marketplace.users.models import User


def record(*, act: str, thing: models.Model, by: User | None, reason: str = "") -> AuditEntry:
    """Write the audit row of one act; ``by=None`` is the system itself."""
    return AuditEntry.objects.create(
        act=act,
        by=by,
        thing_type=thing._meta.label_lower,
        thing_id=str(getattr(thing, "public_id", thing.pk)),
        thing_label=str(thing)[:120],
        reason=reason,
    )


def reason_given(reason: str) -> str:
    """The reason without the space around it. Raises Invalid when somebody who must give one has not."""
    if said := reason.strip():
        return said
    raise Invalid("reason_missing", "Please give a reason.", fields={"reason": ["Please fill this in."]})


def strike(user: User, *, kind: str, reason: str, thing: models.Model) -> Strike:
    """Note a breach once, however often it is reported for the same thing."""
    found, _made = Strike.objects.get_or_create(
        user=user,
        kind=kind,
        thing_type=thing._meta.label_lower,
        thing_id=str(getattr(thing, "public_id", thing.pk)),
        defaults={"reason": reason},
    )
    return found
