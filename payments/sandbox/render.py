"""The last step of an answer: today's statuses, ``expand[]``, and nothing private."""

from typing import Any

from payments.sandbox import balances
from payments.sandbox.errors import malformed
from payments.sandbox.resources import transfers
from payments.sandbox.store import Thing
from payments.sandbox.world import World, public

DEEPEST = 4
# Fields that are left out until somebody expands them.
_LAZY = {"checkout.session": {"line_items": "_items"}}


def render(world: World, thing: Thing, expand: list[str]) -> Thing:
    """The thing as the wire shows it."""
    shown = _shown(world, thing)
    for path in expand:
        steps = path.split(".")
        if len(steps) > DEEPEST + (steps[0] == "data"):
            raise malformed("You cannot expand more than 4 levels of a property.", "expand")
        _expand(world, shown, steps, path)
    rendered: Thing = public(shown)
    return rendered


def _shown(world: World, thing: Thing) -> Thing:
    if thing.get("object") == "list":
        return {**thing, "data": [_shown(world, one) for one in thing["data"]]}
    if thing.get("object") == "balance_transaction":
        return balances.shown(world, thing)
    return transfers.shown(world, thing) if thing.get("object") == "transfer" else dict(thing)


def _expand(world: World, thing: Any, steps: list[str], path: str) -> None:
    if not steps or thing is None:
        return
    if isinstance(thing, list):
        for one in thing:
            _expand(world, one, steps, path)
        return
    if not isinstance(thing, dict):
        raise malformed(f"This property cannot be expanded ({path}).", "expand")
    name = steps[0]
    _fill_in(thing, name)
    if name not in thing:
        raise malformed(f"This property cannot be expanded ({path}).", "expand")
    if isinstance(thing[name], str):
        thing[name] = _fetch(world, thing[name], path)
    _expand(world, thing[name], steps[1:], path)


def _fill_in(thing: Thing, name: str) -> None:
    """What is left out until somebody expands it: whole lists of things, or rows that the double keeps to itself."""
    lazy = _LAZY.get(thing.get("object", ""), {}).get(name)
    if lazy:
        thing[name] = {"object": "list", "data": thing[lazy], "has_more": False, "url": ""}
    elif name not in thing and f"_{name}" in thing:
        thing[name] = thing[f"_{name}"]


def _fetch(world: World, thing_id: str, path: str) -> Thing:
    found = world.maybe(thing_id)
    if found is None:
        raise malformed(f"This property cannot be expanded ({path}).", "expand")
    return _shown(world, found)
