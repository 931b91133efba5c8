"""The only door to a new listing state: the table's move, the audit row."""

from typing import Any

from creators.models import Creator
from creators.policies import roles_of
from creators.states import CREATOR
from marketplace.kit.states import Move
from marketplace.trust.services import record
from marketplace.users.models import User


def move(creator: Creator, verb: str, *, by: User, reason: str = "", **fields: Any) -> Move:
    """Make one move of the table or refuse; write down who did it and why."""
    made = CREATOR.apply(creator, verb, roles_of(by, creator), **fields)
    record(act=f"creator.{verb}", thing=creator, by=by, reason=reason)
    return made
