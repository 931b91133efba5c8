"""The demo's words, read once: one TOML file per corner of life."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SUBJECT_FILES = ("food", "body", "home", "road", "culture")


@cache
def load(name: str) -> Mapping[str, Any]:
    """One file of words."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def subjects() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Niche → language → its words."""
    return {niche: words for name in SUBJECT_FILES for niche, words in load(name).items()}
