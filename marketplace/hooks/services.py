"""Making, finding and revoking keys."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from marketplace.hooks.models import ApiKey
from marketplace.trust.services import record
from marketplace.users.models import User

READ, WRITE = "read", "write"


@transaction.atomic
def make_key(user: User, *, name: str, scopes: list[str], expires_at: datetime | None = None) -> tuple[ApiKey, str]:
    """A new key for this person; the second value is the key itself and is never shown again."""
    secret = f"gw_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        user=user, name=name, prefix=secret[:8], digest=_digest(secret), scopes=scopes, expires_at=expires_at
    )
    record(act="make_key", thing=key, by=user)
    return key, secret


@transaction.atomic
def revoke_key(key: ApiKey, *, by: User) -> None:
    """The key stops working at once."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())
    record(act="revoke_key", thing=key, by=by)


def live_keys(user: User) -> int:
    """How many keys of this person work now."""
    return ApiKey.objects.live().filter(user=user).count()


@transaction.atomic
def revoke_all(user: User) -> int:
    """Every key of this person stops working at once. Returns how many did."""
    keys = list(ApiKey.objects.live().filter(user=user))
    for key in keys:
        revoke_key(key, by=user)
    return len(keys)


def find_key(secret: str) -> ApiKey | None:
    """The live key with this secret, or None. Notes the day it was used."""
    key = ApiKey.objects.select_related("user").filter(digest=_digest(secret)).first()
    if key is None or not key.is_live or not key.user.is_active or key.user.is_suspended:
        return None
    today = timezone.localdate()
    if key.last_used_on != today:
        ApiKey.objects.filter(pk=key.pk).update(last_used_on=today)
    return key


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
