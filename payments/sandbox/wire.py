"""Requests and answers as plain values, and Stripe's nested form encoding."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from payments.sandbox.errors import malformed

LARGEST_BODY = 1_000_000
DEEPEST = 12
MOST_FIELDS = 4_000


@dataclass(slots=True)
class Request:
    """One HTTP request; ``headers`` have lower-case names."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def form(self) -> dict[str, Any]:
        """The parameters of the query or the body, nested, every leaf a string."""
        raw = self.query if self.method in {"GET", "DELETE", "HEAD"} else self.body.decode("utf-8", "replace")
        return nest(raw)

    def fields(self) -> dict[str, str]:
        """A browser's flat form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), max_num_fields=50))


@dataclass(slots=True)
class Response:
    """One HTTP answer. ``cut`` means: close the connection without sending it."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


def as_json(status: int, thing: Any, **headers: str) -> Response:
    body = json.dumps(thing, separators=(",", ":")).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, body, {"Content-Type": "application/json", **named})


def redirect(url: str) -> Response:
    return Response(303, b"", {"Location": url})


def nest(raw: str) -> dict[str, Any]:
    """``a[b][0][c]=1`` → ``{"a": {"b": {"0": {"c": "1"}}}}``. Lists stay keyed by index until the type is known."""
    tree: dict[str, Any] = {}
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, strict_parsing=bool(raw), max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise malformed("Invalid request: the parameters could not be read.", None) from error
    for name, value in pairs:
        if "\0" in name or "\0" in value:
            raise malformed("Invalid string: contains a null byte.", name.replace("\0", ""))
        _place(tree, name, value)
    return tree


def _place(tree: dict[str, Any], name: str, value: str) -> None:
    head, *rest = name.split("[")
    steps = [head, *(step.removesuffix("]") for step in rest)]
    if len(steps) > DEEPEST:
        raise malformed("Invalid hash: nested too deeply.", head)
    here = tree
    for step in steps[:-1]:
        inner = here.setdefault(_key(here, step), {})
        if not isinstance(inner, dict):
            raise malformed(f"Invalid hash: {name} is given twice in different shapes.", name)
        here = inner
    here[_key(here, steps[-1])] = value


def _key(here: dict[str, Any], step: str) -> str:
    return step or str(len(here))
