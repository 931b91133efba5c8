"""Is this answer shaped as the stripe library says Stripe's answers are? Read from the library's own source."""

import ast
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from payments.sandbox.params import library_folder
from payments.sandbox.server import Sandbox

_SIMPLE = {"str": str, "int": int, "bool": bool, "float": (int, float), "Decimal": str}


@dataclass(frozen=True)
class Shape:
    """One class of the library, and the classes around it (innermost first), for names to be found in."""

    node: ast.ClassDef
    around: tuple[ast.ClassDef, ...]
    module: ast.Module

    def fields(self) -> dict[str, ast.expr]:
        rows = [one for one in self.node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]
        named = {one.target.id: one.annotation for one in rows if isinstance(one.target, ast.Name)}
        return {name: kind for name, kind in named.items() if "ClassVar" not in ast.dump(kind) and name[0] != "_"}

    def find(self, name: str) -> "Shape | None":
        for place, scope in enumerate((self.node, *self.around)):
            for inner in scope.body:
                if isinstance(inner, ast.ClassDef) and inner.name == name:
                    return Shape(inner, (self.node, *self.around)[place:], self.module)
        return None


def complaints(sandbox: Sandbox) -> list[str]:
    """Everything said or sent that the library's types would not have expected."""
    found: list[str] = []
    for (data,) in sandbox.engine.world.store.run("SELECT data FROM things WHERE kind = 'event'"):
        found += check_object(json.loads(data), "event")
    for request, response in sandbox.journal:
        if response.status == 200:
            thing = json.loads(response.body)
            found += check_object(thing, f"{request.method} {request.path}")
    return sorted(set(found))


def check_object(thing: dict[str, Any], path: str) -> list[str]:
    name = thing.get("object", "")
    if name == "list":
        return [line for one in thing["data"] for line in check_object(one, f"{path}.data")]
    inside = check_object(thing["data"]["object"], f"event {thing['type']}") if name == "event" else []
    shape = shape_of(name)
    return inside + _check_fields(thing, shape, f"{path} {name}") if shape else [f"{path}: no object {name!r}"]


@lru_cache
def _classes() -> dict[str, str]:
    """Object name → module of its class."""
    source = ast.parse((library_folder() / "_object_classes.py").read_text())
    names: dict[str, str] = {}
    for node in ast.walk(source):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(value, ast.Tuple):
                    names[str(key.value)] = ".".join(str(ast.literal_eval(part)) for part in value.elts)
    return names


@lru_cache
def shape_of(name: str) -> Shape | None:
    """The library's class of ``transfer`` or ``checkout.session``."""
    where = _classes().get(name)
    if where is None:
        return None
    module, _, class_name = where.rpartition(".")
    tree = ast.parse((library_folder().parent / (module.replace(".", "/") + ".py")).read_text())
    found = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == class_name]
    return Shape(found[0], (), tree)


def _check_fields(thing: dict[str, Any], shape: Shape, path: str) -> list[str]:
    fields = shape.fields()
    found = [f"{path}: unknown field {name}" for name in thing if name not in fields]
    for name, kind in fields.items():
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
    if isinstance(value, dict) and isinstance(value.get("object"), str):
        return check_object(value, path)
    inner = shape.find(name)
    if inner is not None:
        return _check_fields(value, inner, path) if isinstance(value, dict) else [f"{path}: {value!r} is not {name}"]
    return []


def _check_subscript(value: Any, outer: str, inner: ast.expr, shape: Shape, path: str) -> list[str]:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if outer == "Optional":
        return [] if value is None else _check(value, inner, shape, path)
    if outer == "Literal":
        return [] if value in [ast.literal_eval(part) for part in parts] else [f"{path}: {value!r} is not a choice"]
    if outer == "List":
        if not isinstance(value, list):
            return [f"{path}: {value!r} is not a list"]
        return [line for one in value for line in _check(one, inner, shape, path)]
    if outer == "Union":
        closed = [part for part in parts if getattr(part, "id", "") != "str" or len(parts) == 1]
        tries = [_check(value, part, shape, path) for part in closed]
        return min(tries, key=len)
    if outer == "ExpandableField":
        return [] if isinstance(value, str) else _check(value, inner, shape, path)
    if outer in {"UntypedStripeObject", "Dict", "ListObject"}:
        return [] if isinstance(value, dict) else [f"{path}: {value!r} is not an object"]
    return []
