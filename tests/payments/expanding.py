"""May this path be expanded? Only what the stripe library calls expandable, or a list, is ever a whole object."""

import ast
from typing import Any

from tests.payments.library import Shape, object_names, shape_of

# Stripe leaves it out until it is expanded (docs.stripe.com/connect/instant-payouts); the types do not say so.
UNTYPED = {"instant_available.net_available"}


def dead_ends(thing: dict[str, Any], paths: list[str], where: str) -> list[str]:
    """The paths that lead nowhere in the library's types of this answer."""
    is_list = thing.get("object") == "list"
    names = {one["object"] for one in thing["data"]} if is_list else {thing.get("object", "")}
    found = []
    for path in set(paths) - UNTYPED:
        steps = path.split(".")
        if is_list and steps.pop(0) != "data":
            found.append(f"{where}: a list is expanded from data on, not {path}")
        elif not all(_leads_on(shape_of(name), steps) for name in names):
            found.append(f"{where}: {path} cannot be expanded")
    return found


def _leads_on(shape: Shape | None, steps: list[str]) -> bool:
    """Whether the steps end at something expandable."""
    if shape is None or steps[0] not in shape.fields():
        return False
    expandable, names = _opened(shape.fields()[steps[0]])
    if len(steps) == 1:
        return expandable
    inner = [shape.find(name) or shape_of(object_names().get(name, "")) for name in names]
    return any(_leads_on(one, steps[1:]) for one in inner)


def _opened(kind: ast.expr) -> tuple[bool, list[str]]:
    """Whether an annotation is expandable, and the names of the classes in it."""
    if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
        return _opened(ast.parse(kind.value, mode="eval").body)
    if isinstance(kind, ast.Name):
        return False, [kind.id]
    if not isinstance(kind, ast.Subscript):
        return False, []
    outer = getattr(kind.value, "id", "")
    parts = kind.slice.elts if isinstance(kind.slice, ast.Tuple) else [kind.slice]
    opened = [_opened(part) for part in parts if outer != "Literal"]
    names = [name for _, inner in opened for name in inner]
    return outer in {"ExpandableField", "ListObject"} or any(yes for yes, _ in opened), names
