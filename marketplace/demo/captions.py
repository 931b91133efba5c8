"""What the demo's creators write: sentences of the subject, the season, the town, and who paid for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from marketplace.demo.content import load, subjects
from marketplace.demo.people import plain

SEASONS = ("winter", "winter", "spring", "spring", "spring", "summer", "summer", "summer",
           "autumn", "autumn", "autumn", "winter")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Voice:
    """Who writes: in which language, from which town; ``used`` keeps neighbours in a feed from starting alike."""

    language: str
    town: str
    used: set[str]


def has_words(niche: str, language: str) -> bool:
    return language in subjects().get(niche, {})


def words_of(niche: str, language: str) -> Mapping[str, Any]:
    """The subject's words in the language, in English where there are none."""
    found = subjects()[niche]
    return found[language] if language in found else found["en"]


def write_caption(rng: Random, voice: Voice, niche: str, day: date, *, sponsored: bool) -> tuple[str, bool]:
    """One caption, and whether it says that it is paid for."""
    language = voice.language if has_words(niche, voice.language) else "en"
    words = words_of(niche, language)
    frames = load("frames")[language]
    thing, other = rng.sample(words["things"], 2)
    opener = _fresh(rng, words["open"], thing, voice.used)
    parts = [opener, *rng.sample(words["more"], rng.choice((1, 1, 2, 2, 3)))]
    disclosed = sponsored and rng.random() < 0.92
    if sponsored:
        parts += _paid(rng, niche, language, frames, disclosed=disclosed)
    if rng.random() < 0.35:
        parts.insert(1, rng.choice(frames["season"][SEASONS[day.month - 1]]))
    if rng.random() < 0.25:
        parts.append(rng.choice(frames[rng.choice(("town", "life"))]["lines"]))
    if rng.random() < 0.7:
        parts.append(rng.choice(words["ask"]))
    text = _fill(" ".join(parts), thing, other, voice.town, rng.randint(3, 40))
    return f"{text}\n\n{_tags(rng, words['tags'], voice.town, disclosed=disclosed, language=language)}", disclosed


def _fresh(rng: Random, openers: Sequence[str], thing: str, used: set[str]) -> str:
    """An opener this feed has not used yet, as long as there is one."""
    left = [opener for opener in openers if opener not in used] or list(openers)
    chosen = rng.choice(left)
    used.add(chosen)
    return chosen


def _paid(rng: Random, niche: str, language: str, frames: Mapping[str, Any], *, disclosed: bool) -> list[str]:
    if not disclosed:
        return []
    sponsor = rng.choice(subjects()[niche]["en"].get("sponsors", ["a small business"]))
    if language == "de":
        sponsor = "ein kleiner Betrieb aus der Gegend"
    lines = [rng.choice(frames["paid"]["lines"]).replace("{sponsor}", sponsor)]
    if rng.random() < 0.6:
        lines.append(rng.choice(frames["paid"]["drawback"]))
    return lines


def _fill(text: str, thing: str, other: str, town: str, number: int) -> str:
    filled = text.replace("{thing}", thing).replace("{Thing}", thing[0].upper() + thing[1:])
    filled = filled.replace("{other}", other).replace("{town}", town).replace("{n}", str(number))
    return filled.replace("::", ":")


def _tags(rng: Random, tags: Sequence[str], town: str, *, disclosed: bool, language: str) -> str:
    chosen = rng.sample(tags, min(len(tags), rng.randint(2, 4)))
    if rng.random() < 0.4:
        chosen.append(plain(town, ""))
    if disclosed:
        chosen.insert(0, "anzeige" if language == "de" else "ad")
    return " ".join(f"#{tag}" for tag in chosen)
