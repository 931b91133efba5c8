"""The options of long lists, written once: a page with 200 of them is as quick as one with none."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString


def options(choices: Iterable[tuple[Any, Any]], chosen: Any, *, anything: str = "") -> SafeString:
    """<option> elements, the chosen one selected; ``anything`` are the words of an empty first one."""
    pairs = tuple((str(value), str(word)) for value, word in choices)
    first = (("", anything),) if anything else ()
    # An answer that is not among the choices selects nothing, and fills no cache.
    known = str(chosen) if any(value == chosen for value, _word in pairs) else ""
    return _written(first + pairs, known)


@lru_cache(maxsize=1024)
def _written(pairs: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    rows = ((value, SafeString(" selected" if value == chosen and chosen else ""), word) for value, word in pairs)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)
