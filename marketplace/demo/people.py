"""Names, addresses and handles. All addresses end in reserved domains; every handle ends in “demo”."""

import re
import unicodedata
from random import Random

from marketplace.demo.content import load
from marketplace.demo.shapes import Person

DOMAIN = "example.org"
MARK = "demo"
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ı": "i", "ł": "l", "æ": "ae"})


def plain(text: str, joint: str = "-") -> str:
    """Letters and digits only, joined: “Ó Faoláin” → “o-faolain”."""
    bare = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    words = re.findall(r"[a-z0-9]+", "".join(sign for sign in bare if not unicodedata.combining(sign)))
    return joint.join(words)


class Registry:
    """Gives out names and handles, each once."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._names: set[str] = set()
        self._handles: set[str] = set()

    def name(self, country: str) -> str:
        """A name that fits the country and has not been given yet."""
        words = load("people")[country]
        while True:
            name = f"{self._rng.choice(words['given'])} {self._rng.choice(words['family'])}"
            if name not in self._names:
                self._names.add(name)
                return name
            words = {"given": words["given"], "family": [*words["family"], *_doubled(self._rng, words["family"])]}

    def claim(self, name: str) -> str:
        """Note a name that was chosen by hand."""
        self._names.add(name)
        return name

    def handle(self, name: str, word: str) -> str:
        """“nora-bakes-demo”: the given name, a word of the subject, and the mark."""
        given, family = plain(name.split(" ")[0], ""), plain(name.split(" ", 1)[1], "")
        for middle in (word, f"{word}-{family[:1]}", f"{family[:9]}-{word}"):
            handle = f"{given}-{middle}-{MARK}"[:40]
            if handle not in self._handles:
                break
        else:
            handle = f"{given}-{word}-{len(self._handles)}-{MARK}"
        self._handles.add(handle)
        return handle


def person(name: str, key: str = "") -> Person:
    """A person whose address says who they are and reaches nobody."""
    return Person(key=key or plain(name), name=name, email=f"{plain(name, '.')}@{DOMAIN}")


def _doubled(rng: Random, families: list[str]) -> list[str]:
    one, other = rng.sample([family for family in families if " " not in family and "-" not in family], 2)
    return [f"{one}-{other}"]
