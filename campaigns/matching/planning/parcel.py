"""Candidates and limits as bytes, for the process that solves exactly, and its answer as JSON."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, fields

import numpy as np

from campaigns.matching.planning.audience import Audience
from campaigns.matching.planning.facts import Candidates, Limits

COLUMNS = tuple(column.name for column in fields(Candidates) if column.name != "audience")
OF_AUDIENCE = tuple(column.name for column in fields(Audience))


def pack(candidates: Candidates, limits: Limits) -> bytes:
    """One question."""
    whole = {name: getattr(candidates, name) for name in COLUMNS}
    whole |= {name: getattr(candidates.audience, name) for name in OF_AUDIENCE}
    said = np.frombuffer(json.dumps(asdict(limits)).encode(), dtype=np.uint8)
    parcel = io.BytesIO()
    np.savez(parcel, limits=said, **whole)
    return parcel.getvalue()


def unpack(parcel: bytes) -> tuple[Candidates, Limits]:
    """The question of these bytes."""
    with np.load(io.BytesIO(parcel), allow_pickle=False) as found:
        audience = Audience(**{name: found[name] for name in OF_AUDIENCE})
        limits = json.loads(found["limits"].tobytes())
        candidates = Candidates(audience=audience, **{name: found[name] for name in COLUMNS})
    return candidates, Limits(**limits | {"niches": tuple(limits["niches"])})
