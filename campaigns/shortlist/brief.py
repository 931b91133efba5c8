"""A campaign as the ranking reads it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

import structlog
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, QuerySet

from campaigns import budget
from campaigns.matching import BriefFacts
from campaigns.models import Campaign
from creators.embedding import EmbeddingError, encode
from creators.models import Niche

log = structlog.get_logger(__name__)

RELATED = 0.6


def brief_facts(campaign: Campaign) -> BriefFacts:
    """The brief without the meaning of its words, which takes a moment to work out."""
    kinds: dict[str, int] = {}
    for deliverable in campaign.deliverables.all():
        kinds[deliverable.kind] = kinds.get(deliverable.kind, 0) + deliverable.count
    town = campaign.town
    return BriefFacts(
        text="\n".join(t for t in (campaign.title, campaign.product, campaign.message, campaign.dos) if t),
        niches=_wanted(campaign),
        latitude=town.latitude if town else None,
        longitude=town.longitude if town else None,
        radius_km=campaign.radius_km,
        languages=tuple(campaign.languages),
        platforms=tuple(campaign.platforms),
        budget_minor=max(budget.left(campaign).minor, 0),
        currency=campaign.currency,
        deliverables=kinds,
    )


def _wanted(campaign: Campaign) -> dict[str, float]:
    """The niches of the brief, and with less weight their parents and children."""
    chosen = list(campaign.niches.all())
    return dict.fromkeys(sorted(_kin(chosen)), RELATED) | {niche.slug: 1.0 for niche in chosen}


def _kin(chosen: Sequence[Niche]) -> set[str]:
    """Parents and children of these niches: read with them, or now."""
    if all(hasattr(niche, "kin") for niche in chosen):
        return {slug for niche in chosen for slug in getattr(niche, "kin")}  # noqa: B009 - annotated by with_kin
    parents = [niche.parent_id for niche in chosen if niche.parent_id]
    related = Niche.objects.filter(Q(pk__in=parents) | Q(parent__in=[niche.pk for niche in chosen]))
    return set(related.order_by().values_list("slug", flat=True))


def with_kin(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """The same with their niches and these niches' parents and children, in one query more for all of them."""
    kin = Niche.objects.filter(Q(pk=OuterRef("parent")) | Q(parent=OuterRef("pk"))).order_by()
    return campaigns.prefetch_related(Prefetch("niches", Niche.objects.annotate(kin=ArraySubquery(kin.values("slug")))))


def with_meaning(facts: BriefFacts, *, model: str) -> BriefFacts:
    """The same with the vector of its text; without the model the ranking goes on by niche and figures."""
    try:
        vectors = encode([facts.text], data_dir=settings.DATA_DIR, model=model)
    except EmbeddingError as error:
        log.warning("brief_without_meaning", error=str(error))
        return facts
    return replace(facts, vector=vectors[0])


def brief_hash(facts: BriefFacts) -> str:
    """One brief, one hash: whether the shortlist still belongs to what the brief says now."""
    said = {
        name: getattr(facts, name)
        for name in ("text", "latitude", "longitude", "radius_km", "languages", "platforms", "budget_minor", "currency")
    }
    said |= {"niches": dict(facts.niches), "deliverables": dict(facts.deliverables)}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
