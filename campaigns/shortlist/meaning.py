"""What briefs mean, kept: read once for each text and model, by rankings of both directions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from campaigns.matching import BriefFacts
from campaigns.models import BriefVector, Campaign
from campaigns.shortlist.brief import with_meaning
from creators.embedding import pack, unpack


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


def keep(campaign_id: int, vector: NDArray[np.float32], *, model: str, hashed: str) -> None:
    """Keep the vector of one brief in place of an older one."""
    values: Mapping[str, object] = {"model": model, "vector": pack(vector), "text_hash": hashed}
    BriefVector.objects.update_or_create(campaign_id=campaign_id, defaults=values)
