"""What briefs mean, kept: read once for each text and model, by rankings of both directions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import structlog
from django.conf import settings
from django.db.models import prefetch_related_objects
from numpy.typing import NDArray

from campaigns.matching import BriefFacts
from campaigns.models import BriefVector, Campaign
from campaigns.shortlist.brief import brief_facts, with_meaning
from campaigns.shortlist.pool import everybody
from creators.embedding import EmbeddingError, encode, pack, unpack

log = structlog.get_logger(__name__)


def text_hash(facts: BriefFacts) -> str:
    """One text, one hash."""
    return hashlib.sha256(facts.text.encode()).hexdigest()


def with_kept_meaning(campaign: Campaign, facts: BriefFacts, *, model: str) -> BriefFacts:
    """The facts with the vector of their text, made now unless it was made for this text by this model before."""
    wanted = text_hash(facts)
    kept = BriefVector.objects.filter(campaign=campaign, model=model, text_hash=wanted).first()
    if kept is not None:
        return replace(facts, vector=unpack([kept.vector])[0])
    found = with_meaning(facts, model=model)
    if found.vector is not None:
        keep(campaign.pk, found.vector, model=model, hashed=wanted)
    return found


def read_briefs(campaigns: Sequence[Campaign]) -> dict[int, BriefFacts]:
    """These briefs by their campaigns' pk. Those whose text no vector is kept of are read in one go, and that is kept.

    Without the model nothing is read; each ranking tries again.
    """
    prefetch_related_objects(list(campaigns), "niches", "deliverables", "town")  # for all at once
    model, wanted = everybody().model, {campaign.pk: brief_facts(campaign) for campaign in campaigns}
    kept = BriefVector.objects.filter(campaign__in=list(wanted), model=model)
    known = set(kept.values_list("campaign_id", "text_hash"))
    unread = {pk: facts for pk, facts in wanted.items() if (pk, text_hash(facts)) not in known}
    if not unread:
        return wanted
    try:
        texts = [facts.text for facts in unread.values()]
        vectors = encode(texts, data_dir=settings.DATA_DIR, model=model)
    except EmbeddingError as error:
        log.warning("briefs_without_meaning", error=str(error))
        return wanted
    for (pk, facts), vector in zip(unread.items(), vectors, strict=True):
        keep(pk, vector, model=model, hashed=text_hash(facts))
    return wanted


def keep(campaign_id: int, vector: NDArray[np.float32], *, model: str, hashed: str) -> None:
    """Keep the vector of one brief in place of an older one."""
    values: Mapping[str, object] = {"model": model, "vector": pack(vector), "text_hash": hashed}
    BriefVector.objects.update_or_create(campaign_id=campaign_id, defaults=values)
