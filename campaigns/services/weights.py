"""Which weights rank: promoting learned ones, and going back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from campaigns.models import LearnedWeights
from campaigns.states import ADMIN, WEIGHTS, WeightsState
from marketplace.kit.errors import Conflict
from marketplace.trust.services import reason_given, record
from marketplace.users.models import User


@transaction.atomic
def promote_weights(weights: LearnedWeights, *, reason: str, by: User) -> LearnedWeights:
    """An admin lets learned weights rank; those that did before are retired. Only weights that were better on
    campaigns they had not seen."""
    said = reason_given(reason)
    if not weights.better:
        raise Conflict("not_better", "These weights were not better on campaigns that they had not seen.")
    WEIGHTS.find(weights.state, "promote", {ADMIN})
    for other in LearnedWeights.objects.select_for_update(no_key=True).filter(state=WeightsState.PROMOTED):
        WEIGHTS.apply(other, "retire", {ADMIN})
        record(act="learned_weights.retire", thing=other, by=by, reason=said)
    WEIGHTS.apply(weights, "promote", {ADMIN}, promoted_at=timezone.now())
    record(act="learned_weights.promote", thing=weights, by=by, reason=said)
    return weights


@transaction.atomic
def retire_weights(weights: LearnedWeights, *, reason: str, by: User) -> LearnedWeights:
    """An admin takes learned weights back: the prior ranks again."""
    said = reason_given(reason)
    WEIGHTS.apply(weights, "retire", {ADMIN})
    record(act="learned_weights.retire", thing=weights, by=by, reason=said)
    return weights
