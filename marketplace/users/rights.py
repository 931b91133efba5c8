"""What staff may do beyond everybody else: exactly what the admin would let them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.users.models import User


def sees_all(user: User | AnonymousUser, model: type[models.Model]) -> bool:
    """Whether this person may read every row of this kind, also over the site and the API."""
    return _may(user, "view", model)


def decides(user: User | AnonymousUser, model: type[models.Model]) -> bool:
    """Whether this person acts as admin on rows of this kind."""
    return _may(user, "change", model)


def _may(user: User | AnonymousUser, verb: str, model: type[models.Model]) -> bool:
    return user.is_staff and user.has_perm(f"{model._meta.app_label}.{verb}_{model._meta.model_name}")
