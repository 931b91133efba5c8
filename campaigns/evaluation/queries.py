"""What is asked for each brand: its brief, or where it has none one of its own masked captions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.evaluation.trials import Rows
from campaigns.evaluation.world import World

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Query:
    """A brand's words with their meaning, and who is known to have worked with it."""

    brand: str
    text: str
    vector: Vectors
    known: Rows


def from_captions(world: World, brand: str, known: Rows) -> Query:
    """The caption nearest to the middle of what the known collaborators wrote stands for the brief."""
    posts = np.flatnonzero(np.isin(world.owner, known))
    middle = world.posts[posts].mean(axis=0)
    chosen = int(posts[np.argmax(world.posts[posts] @ middle)])
    return Query(brand, world.texts[chosen], world.posts[chosen], known)
