import pytest
from django.db import models

from marketplace.kit.errors import Conflict, NotAllowed
from marketplace.kit.states import Machine, row


class Light(models.TextChoices):
    RED = "red", "Red"
    GREEN = "green", "Green"


LIGHT = Machine(
    "light", Light, [row("go", ["red"], "green", ["guard"]), row("stop", ["green"], "red", ["guard", "clock"])]
)


def test_actions_are_what_the_table_says() -> None:
    assert [m.verb for m in LIGHT.actions("red", {"guard"})] == ["go"]
    assert LIGHT.actions("red", {"clock"}) == []
    assert [m.verb for m in LIGHT.actions("green", {"clock"})] == ["stop"]


def test_a_verb_that_is_never_theirs_is_not_allowed() -> None:
    with pytest.raises(NotAllowed):
        LIGHT.find("red", "go", {"clock"})


def test_a_verb_at_the_wrong_time_is_a_conflict_that_names_the_state() -> None:
    with pytest.raises(Conflict) as caught:
        LIGHT.find("green", "go", {"guard"})

    assert caught.value.code == "wrong_state"
    assert "green" in caught.value.message
