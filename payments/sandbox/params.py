"""What a request may carry, read from the stripe library's own generated parameter types.

The library is generated from Stripe's OpenAPI specification, so its ``TypedDict`` of a route is Stripe's own list of
parameters. The files are parsed, never imported: nothing of the library is loaded into the sandbox.
"""

import ast
import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from payments.sandbox.errors import ApiError, malformed, missing_param, unknown_param

Classes = dict[str, "dict[str, ast.expr]"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A parameter's type. ``name``: str, int, float, bool, literal, list, hash (typed), map (free keys) or any."""

    name: str
    choices: tuple[str, ...] = ()
    inner: "tuple[Kind, ...]" = ()
    fields: "tuple[tuple[str, bool, Kind], ...]" = ()


@lru_cache(maxsize=1)
def library_folder() -> Path:
    spec = importlib.util.find_spec("stripe")
    if spec is None or spec.origin is None:  # pragma: no cover - the library is a requirement
        raise RuntimeError("the stripe library is not installed")
    return Path(spec.origin).parent


@lru_cache(maxsize=1)
def library_api_version() -> str:
    """The API version the library is pinned to."""
    tree = ast.parse((library_folder() / "_api_version.py").read_text())
    found = [n.value for n in ast.walk(tree) if isinstance(n, ast.Assign) and isinstance(n.value, ast.Constant)]
    return str(found[0].value)


@lru_cache(maxsize=128)
def schema(reference: str) -> Kind:
    """The parameters of ``transfer_create`` or ``checkout/session_create``."""
    folder, _, name = reference.rpartition("/")
    source = library_folder() / "params" / folder / f"_{name}_params.py"
    classes: Classes = {}
    for node in ast.parse(source.read_text()).body:
        if isinstance(node, ast.ClassDef):
            fields = [n for n in node.body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)]
            mine = classes.setdefault(node.name, {})
            mine.update({f.target.id: f.annotation for f in fields if isinstance(f.target, ast.Name)})
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            classes.update(_functional(node.value))
    top = "".join(part.capitalize() for part in name.split("_")) + "Params"
    return _hash(top, classes)


def check(reference: str, tree: dict[str, Any]) -> dict[str, Any]:
    """The parameters with their types put right. Raises the 400 that Stripe would answer."""
    checked: dict[str, Any] = _read(schema(reference), tree, "")
    return checked


def _functional(call: ast.Call) -> Classes:
    """``_Base = TypedDict("X", {"from": …})``: how the library writes keys that are Python words."""
    if getattr(call.func, "id", "") != "TypedDict" or not isinstance(call.args[1], ast.Dict):
        return {}
    name = ast.literal_eval(call.args[0])
    pairs = zip(call.args[1].keys, call.args[1].values, strict=True)
    return {name: {ast.literal_eval(key): value for key, value in pairs if key is not None}}


def _hash(name: str, classes: Classes) -> Kind:
    fields = []
    for field, annotation in classes[name].items():
        optional = isinstance(annotation, ast.Subscript) and getattr(annotation.value, "id", "") == "NotRequired"
        fields.append((field, not optional, _kind(annotation, classes)))
    return Kind("hash", fields=tuple(fields))


def _kind(node: ast.expr, classes: Classes) -> Kind:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _kind(ast.parse(node.value, mode="eval").body, classes)
    if isinstance(node, ast.BinOp):
        return _either([_kind(node.left, classes), _kind(node.right, classes)])
    if isinstance(node, ast.Name):
        return _hash(node.id, classes) if node.id in classes else Kind(_SIMPLE.get(node.id, "any"))
    if isinstance(node, ast.Subscript):
        return _subscript(getattr(node.value, "id", ""), node.slice, classes)
    return Kind("any")


_SIMPLE = {"str": "str", "int": "int", "float": "float", "bool": "bool", "Decimal": "str"}


def _subscript(outer: str, node: ast.expr, classes: Classes) -> Kind:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    if outer == "Literal":
        return Kind("literal", choices=tuple(str(ast.literal_eval(part)) for part in parts))
    if outer == "Union":
        return _either([_kind(part, classes) for part in parts])
    if outer in {"List", "Sequence"}:
        return Kind("list", inner=(_kind(node, classes),))
    if outer in {"Dict", "Mapping"}:
        return Kind("map", inner=(_kind(parts[1], classes),))
    if outer == "UntypedStripeObject":
        return Kind("map", inner=(_kind(node, classes),))
    return _kind(node, classes)  # NotRequired, Optional


def _either(kinds: list[Kind]) -> Kind:
    """Several allowed types. ``Literal[…] | str`` is a closed list at a pinned version."""
    flat = [one for kind in kinds for one in (kind.inner if kind.name == "either" else (kind,))]
    chosen = {choice for kind in flat if kind.name == "literal" for choice in kind.choices}
    if chosen - {""}:
        flat = [kind for kind in flat if kind.name != "str"]
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else Kind("either", inner=unique)


def _read(kind: Kind, value: Any, path: str) -> Any:
    reader = _READERS.get(kind.name)
    return reader(kind, value, path) if reader else value


def _read_hash(kind: Kind, value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise malformed(f"Invalid object: {path}", path)
    known = {name: inner for name, _, inner in kind.fields}
    for name in value:
        if name not in known:
            raise unknown_param(_join(path, name))
    for name, required, _ in kind.fields:
        if required and name not in value:
            raise missing_param(_join(path, name))
    return {name: _read(known[name], inner, _join(path, name)) for name, inner in value.items()}


def _read_map(kind: Kind, value: Any, path: str) -> Any:
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise malformed(f"Invalid object: {path}", path)
    return {name: _read(kind.inner[0], inner, _join(path, name)) for name, inner in value.items()}


def _read_list(kind: Kind, value: Any, path: str) -> Any:
    if not isinstance(value, dict) or not all(index.isdigit() for index in value):
        raise malformed("Invalid array", path)
    ordered = sorted(value.items(), key=lambda item: int(item[0]))
    return [_read(kind.inner[0], inner, f"{path}[{index}]") for index, inner in ordered]


def _read_literal(kind: Kind, value: Any, path: str) -> Any:
    if isinstance(value, dict) or value not in kind.choices:
        shown = ", ".join(choice for choice in kind.choices if choice)
        raise malformed(f"Invalid {path}: must be one of {shown}", path)
    return value


def _read_scalar(kind: Kind, value: Any, path: str) -> Any:
    if isinstance(value, dict):
        raise malformed(f"Invalid {'string' if kind.name == 'str' else kind.name}: {path} is an object.", path)
    if value == "" and kind.name != "str":
        raise malformed(
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a parameter; "
            f"however '{path}' cannot be unset. You should remove '{path}' from your request.",
            path,
            "parameter_invalid_empty",
        )
    try:
        return _SCALARS[kind.name](value)
    except (ValueError, KeyError) as error:
        name = {"int": "integer", "bool": "boolean", "float": "number"}[kind.name]
        raise malformed(f"Invalid {name}: {value[:60]}", path, f"parameter_invalid_{name}") from error


def _read_either(kind: Kind, value: Any, path: str) -> Any:
    first: ApiError | None = None
    for inner in sorted(kind.inner, key=lambda one: one.name in {"str", "any"}):
        try:
            return _read(inner, value, path)
        except ApiError as error:
            shaped = isinstance(value, dict) == (inner.name in {"hash", "map", "list"})
            first = error if first is None or shaped else first
    raise first or malformed(f"Invalid value: {path}", path)


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _integer(text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdigit()):
        raise ValueError(text)
    return int(text[:20])


_TRUTH = {"true": True, "false": False}
_SCALARS: dict[str, Any] = {"str": str, "int": _integer, "float": float, "bool": _TRUTH.__getitem__}
_READERS: dict[str, Any] = {
    "hash": _read_hash, "map": _read_map, "list": _read_list, "literal": _read_literal, "either": _read_either,
    "str": _read_scalar, "int": _read_scalar, "float": _read_scalar, "bool": _read_scalar,
}  # fmt: skip
