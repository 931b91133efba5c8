"""Brand names out of captions, before anything is computed from them: otherwise the answer stands in the question."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from functools import lru_cache

SHORT = 5
WINDOW = 4
WORD = re.compile(r"[@#]?[\w.&'’-]+")


def masker(brands: Iterable[str]) -> Callable[[str], str]:
    """Drops every word that carries a brand account's name: alone, as a mention, inside a hashtag, or spread over
    up to four words ("Louis Vuitton" for louisvuitton). Names under five letters count only where a word begins."""
    plain = sorted({_plain(brand) for brand in brands} - {""}, key=len, reverse=True)
    if not plain:
        return lambda text: text
    inside = "|".join(re.escape(name) for name in plain if len(name) >= SHORT)
    start = "|".join(re.escape(name) for name in plain if len(name) < SHORT)
    named = re.compile("|".join(part for part in (inside, f"^(?:{start})" if start else "") if part))
    whole = {name for name in plain if len(name) >= SHORT}

    @lru_cache(maxsize=500_000)
    def carries(word: str) -> bool:
        return bool(named.search(word))

    def masked(text: str) -> str:
        found = list(WORD.finditer(text))
        words = [_plain(one[0]) for one in found]
        gone = {place for place, word in enumerate(words) if carries(word)} | _spread(words, whole)
        for place in sorted(gone, reverse=True):
            text = text[: found[place].start()] + text[found[place].end() :]
        return text

    return masked


def _spread(words: list[str], names: AbstractSet[str]) -> set[int]:
    """Places of neighbouring words that together are a name."""
    gone: set[int] = set()
    for start in range(len(words)):
        joined = words[start]
        for end in range(start + 1, min(start + WINDOW, len(words))):
            joined += words[end]
            if joined in names:
                gone |= set(range(start, end + 1))
    return gone


@lru_cache(maxsize=500_000)
def _plain(word: str) -> str:
    """Letters and digits only, small, without accents."""
    bare = unicodedata.normalize("NFKD", word.lower())
    return "".join(letter for letter in bare if letter.isalnum())
