"""Learned weights as rows: trained in the shadow, judged on unseen campaigns, used only once somebody promoted them."""

from __future__ import annotations

from dataclasses import asdict

import structlog
from django.db import transaction

from campaigns.matching import FIRST, Weights
from campaigns.matching.learning import apart, enough, judge, learn
from campaigns.models import LearnedWeights
from campaigns.shortlist.impressions import events
from campaigns.states import WeightsState

log = structlog.get_logger(__name__)

GROWTH = 1.1  # A new set is worth the work once there is a tenth more to learn from.


def ranking_weights() -> Weights:
    """The promoted set, else the prior. Read anew for every run: there is no copy that could be out of date."""
    row = LearnedWeights.objects.filter(state=WeightsState.PROMOTED).first()
    return FIRST if row is None else Weights(row.version, row.parts)


def learn_weights() -> LearnedWeights | None:
    """Train a set from everything that was shown and keep it in the shadow. None while there is too little to learn
    from, or little more than last time. Nothing ranks by it until an admin says so."""
    found = events()
    newest = LearnedWeights.objects.first()
    if not enough(found) or (newest is not None and len(found) < GROWTH * newest.events):
        return None
    learning, judging = apart(found)
    before = ranking_weights()
    version = f"learned/{LearnedWeights.objects.count() + 1}"
    # What is judged is what is kept: learned without the judging campaigns.
    weights = learn(learning, FIRST, version=version)
    verdict = judge(judging, weights, before)
    report = {name: round(float(value), 6) for name, value in asdict(verdict).items()} | {"against": before.version}
    with transaction.atomic():
        row = LearnedWeights.objects.create(
            version=version, parts=dict(weights.parts), events=len(found), better=verdict.better, report=report
        )
    log.info("weights_learned", version=version, events=len(found), better=verdict.better, **report)
    return row
