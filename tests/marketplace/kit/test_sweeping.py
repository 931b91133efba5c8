"""Sweeps: what breaks is left, what is well is done, and the end of the time is the end."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from marketplace.kit.errors import Conflict
from marketplace.kit.sweeping import one_by_one, together


def test_each_row_has_its_own_fate() -> None:
    done: list[int] = []

    def act(row: int) -> None:
        if row == 1:
            raise Conflict("late", "Too late.")
        if row == 2:
            raise OverflowError("date value out of range")
        done.append(row)

    one_by_one([1, 2, 3], act, job="test")

    assert done == [3]


def test_a_batch_is_halved_until_the_broken_row_is_alone() -> None:
    asked: list[list[int]] = []

    def act(rows: Sequence[int]) -> None:
        asked.append(list(rows))
        if 3 in rows:
            raise ValueError("a broken row")

    together([1, 2, 3, 4], act, job="test")
    together([], act, job="test")

    assert asked == [[1, 2, 3, 4], [1, 2], [3, 4], [3], [4]]


def test_the_end_of_the_time_is_not_taken_for_a_broken_row() -> None:
    asked: list[object] = []

    def act(row: object) -> None:
        asked.append(row)
        raise SoftTimeLimitExceeded

    with pytest.raises(SoftTimeLimitExceeded):
        one_by_one([1, 2], act, job="test")
    with pytest.raises(SoftTimeLimitExceeded):
        together([1, 2], act, job="test")

    assert asked == [1, [1, 2]]
