"""Is this answer shaped as the stripe library says Stripe's answers are? Read from the library's own source."""

import ast
import json
from collections.abc import Callable
from typing import Any

from payments.sandbox.engine import find_route
from payments.sandbox.errors import ApiError
from payments.sandbox.params import check
from payments.sandbox.server import Sandbox
from payments.sandbox.wire import Request, Response
from tests.payments.expanding import dead_ends
from tests.payments.library import Shape, class_in, object_names, shape_of

_SIMPLE = {"str": str, "int": int, "bool": bool, "float": (int, float), "Decimal": str}
_ERRORS = ("api_error", "card_error", "idempotency_error", "invalid_request_error")


# The fee of a payout has no charge (its ``fee_source`` names the payout); the types know only fees of charges.
_NULL = ("application_fee.charge",)


def complaints(sandbox: Sandbox) -> list[str]:
    """Everything said or sent that the library's types would not have expected."""
    found: list[str] = []
    for (data,) in sandbox.engine.world.store.run("SELECT data FROM things WHERE kind = 'event'"):
        found += check_object(json.loads(data), "event")
    for request, response in sandbox.journal:
        if response.body:
            found += _check_answer(request, response, f"{request.method} {request.path}")
    return sorted(set(found))


def misspelt(sandbox: Sandbox) -> list[str]:
    """Every request whose route, parameters or expansions the library's types do not know, answered or not."""
    found: list[str] = []
    for request, response in sandbox.journal:
        where = f"{request.method} {request.path}"
        try:
            route, _ = find_route(request)
            asked = check(route.reference, request.form())
        except ApiError as error:
            found.append(f"{where}: {error}")
            continue
        if response.status == 200:
            found += dead_ends(json.loads(response.body), asked.get("expand", []), where)
    return sorted(set(found))


def _check_answer(request: Request, response: Response, path: str) -> list[str]:
    thing = json.loads(response.body)
    if response.status == 200:
        return check_object(thing, path)
    kind = thing["error"].get("type")
    found = [] if kind in _ERRORS else [f"{path}: {kind!r} is no type of error"]
    shape = class_in("stripe._error_object", "ErrorObject")
    return found + [
        f"{path}: unknown field {name} of an error" for name in thing["error"] if name not in shape.fields()
    ]


def check_object(thing: dict[str, Any], path: str) -> list[str]:
    name = thing.get("object", "")
    if name == "list":
        found = [] if thing.keys() == {"object", "url", "has_more", "data"} else [f"{path}: fields {sorted(thing)}"]
        return found + [line for one in thing["data"] for line in check_object(one, f"{path}.data")]
    inside = check_object(thing["data"]["object"], f"event {thing['type']}") if name == "event" else []
    shape = shape_of(name)
    return inside + _check_fields(thing, shape, f"{path} {name}") if shape else [f"{path}: no object {name!r}"]


def _check_fields(thing: dict[str, Any], shape: Shape, path: str) -> list[str]:
    fields = shape.fields()
    found = [f"{path}: unknown field {name}" for name in thing if name not in fields]
    for name, kind in fields.items():
        if name in thing and thing[name] is None and f"{path}.{name}".endswith(_NULL):
            continue
        if name in thing:
            found += _check(thing[name], kind, shape, f"{path}.{name}")
        elif not _may_be_none(kind):
            found.append(f"{path}: missing field {name}")
    return found


def _may_be_none(kind: ast.expr) -> bool:
    return isinstance(kind, ast.Subscript) and getattr(kind.value, "id", "") == "Optional"


def _check(value: Any, kind: ast.expr, shape: Shape, path: str) -> list[str]:
    if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
        kind = ast.parse(kind.value, mode="eval").body
    if isinstance(kind, ast.Subscript):
        return _check_subscript(value, getattr(kind.value, "id", ""), kind.slice, shape, path)
    name = getattr(kind, "id", "")
    if name in _SIMPLE:
        right = isinstance(value, _SIMPLE[name]) and not (isinstance(value, bool) and name == "int")  # type: ignore[arg-type]
        return [] if right else [f"{path}: {value!r} is not {name}"]
    inner = shape.find(name)
    if inner is not None:
        return _check_fields(value, inner, path) if isinstance(value, dict) else [f"{path}: {value!r} is not {name}"]
    if name in object_names():
        right = isinstance(value, dict) and value.get("object") == object_names()[name]
        return check_object(value, path) if right else [f"{path}: {value!r} is not {name}"]
    return [] if name == "Any" else [f"{path}: the library's type {ast.unparse(kind)} was not understood"]


def _check_subscript(value: Any, outer: str, inner: ast.expr, shape: Shape, path: str) -> list[str]:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if outer == "Literal":
        return [] if value in [ast.literal_eval(part) for part in parts] else [f"{path}: {value!r} is not a choice"]
    if outer == "Union":
        closed = [part for part in parts if getattr(part, "id", "") != "str" or len(parts) == 1]
        return min((_check(value, part, shape, path) for part in closed), key=len)
    if outer in _ALSO:
        return [] if isinstance(value, _ALSO[outer]) else _check(value, inner, shape, path)
    if outer in _HOLDING:
        return _HOLDING[outer](value, parts[-1], shape, path)
    return [f"{path}: the library's type {outer} was not understood"]


def _check_each(value: Any, inner: ast.expr, shape: Shape, path: str) -> list[str]:
    if not isinstance(value, list):
        return [f"{path}: {value!r} is not a list"]
    return [line for one in value for line in _check(one, inner, shape, path)]


def _check_map(value: Any, inner: ast.expr, shape: Shape, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is not an object"]
    return [line for name, one in value.items() for line in _check(one, inner, shape, f"{path}.{name}")]


def _check_list(value: Any, inner: ast.expr, shape: Shape, path: str) -> list[str]:
    if not isinstance(value, dict) or value.get("object") != "list":
        return [f"{path}: {value!r} is not a list object"]
    found = [] if value.keys() == {"object", "url", "has_more", "data"} else [f"{path}: fields {sorted(value)}"]
    return found + [line for one in value["data"] for line in _check(one, inner, shape, path)]


# What may stand there instead of the type itself, and what holds many of it.
_ALSO: dict[str, type] = {"Optional": type(None), "ExpandableField": str}
_HOLDING: dict[str, Callable[[Any, ast.expr, Shape, str], list[str]]] = {
    "Dict": _check_map,
    "List": _check_each,
    "ListObject": _check_list,
    "UntypedStripeObject": _check_map,
}
