"""Tables of settings: read from the environment, and refused at start when they cannot be meant."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from marketplace.kit.money import EXPONENTS

WHOLE = 10_000  # basis points


def ladder(env: Any, prefix: str, rungs: Mapping[str, int]) -> dict[str, int]:
    """Shares in basis points, a setting for each rung: between nothing and all, never less than the rung below."""
    read = {name: env.int(f"{prefix}_{name.upper()}", default=bps) for name, bps in rungs.items()}
    below = 0
    for name, bps in read.items():
        if not below <= bps <= WHOLE:
            wrong = f"{prefix}_{name.upper()} is {bps}: it must be between {below} (the rung below it) and {WHOLE}."
            raise ImproperlyConfigured(wrong)
        below = bps
    return read


def sums(env: Any, name: str) -> dict[str, int]:
    """Minor units of each currency that is named (``EUR=100,JPY=150``): of currencies we handle, and not negative."""
    read: dict[str, str] = env.dict(name, default={})
    for code, minor in read.items():
        if code not in EXPONENTS or not minor.isascii() or not minor.isdigit():
            raise ImproperlyConfigured(f"{name} is written like EUR=100,JPY=150, in minor units, not {code}={minor}.")
    return {code: int(minor) for code, minor in read.items()}
