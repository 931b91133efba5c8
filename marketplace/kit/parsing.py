"""Reading JSON from strangers."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework import exceptions
from rest_framework.parsers import BaseParser

MAX_DEPTH = 32


class SafeJSONParser(BaseParser):
    """JSON in strict UTF-8, at most 32 levels deep, without NaN or infinity, NUL characters or lone surrogates."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise exceptions.ParseError("The body is larger than 1 MB.")
        if _depth(raw) > MAX_DEPTH:
            raise exceptions.ParseError(f"The JSON is nested deeper than {MAX_DEPTH} levels.")
        try:
            data = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite)
            json.dumps(data, ensure_ascii=False).encode("utf-8")
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError("The body is not valid JSON.") from error
        if b"\\u0000" in raw or b"\x00" in raw:
            raise exceptions.ParseError("The text holds a NUL character.")
        return data


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    """A number like 1e400 is larger than any float; Python would read it as infinity."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is out of range")
    return number


def _depth(raw: bytes) -> int:
    """An upper bound of the nesting, cheap and without recursion; brackets inside strings count too."""
    depth = deepest = 0
    for byte in raw:
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
