"""Two processes that want the same work: one does it, the other goes on."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from marketplace.kit.alone import alone


def try_elsewhere(name: str) -> bool:
    """The same question from another connection."""
    try:
        with alone(name) as mine:
            return mine
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_the_second_hand_is_told_at_once_and_the_third_may_begin() -> None:
    with alone("bread") as first, ThreadPoolExecutor(1) as elsewhere:
        second = elsewhere.submit(try_elsewhere, "bread").result()
        other_work = elsewhere.submit(try_elsewhere, "cake").result()
    with ThreadPoolExecutor(1) as elsewhere:
        third = elsewhere.submit(try_elsewhere, "bread").result()

    assert (first, second, other_work, third) == (True, False, True, True)
