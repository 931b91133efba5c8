"""The classes that the stripe library has for Stripe's objects, read from its own generated source."""

import ast
from dataclasses import dataclass
from functools import lru_cache

from payments.sandbox.params import library_folder


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


@lru_cache
def classes() -> dict[str, str]:
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
    where = classes().get(name)
    if where is None:
        return None
    module, _, class_name = where.rpartition(".")
    return class_in(module, class_name)


@lru_cache
def class_in(module: str, class_name: str) -> Shape:
    tree = ast.parse((library_folder().parent / (module.replace(".", "/") + ".py")).read_text())
    found = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == class_name]
    return Shape(found[0], (), tree)


@lru_cache
def object_names() -> dict[str, str]:
    """Name of a class → the object it is the class of."""
    return {where.rpartition(".")[2]: name for name, where in classes().items()}
