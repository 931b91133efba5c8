"""What creators ask for some items: the card, else the lowest price, never below the least fee."""

import numpy as np
import pytest

from campaigns.matching.asking import asked

UNKNOWN = np.nan


def one(*items: tuple[int, float], lowest: float = UNKNOWN, least: float = UNKNOWN) -> float:
    return float(asked(items, lowest=lowest, least=least)[0])


def test_each_item_costs_what_the_card_says_else_the_lowest_price() -> None:
    assert one((2, 700), (1, 900)) == 2_300
    assert one((2, 700), (1, UNKNOWN), lowest=400) == 1_800


def test_nobody_asks_less_than_their_least_fee() -> None:
    assert one((1, 700), least=5_000) == 5_000
    assert one((1, 7_000), least=5_000) == 7_000
    assert one((1, UNKNOWN), least=5_000) == 5_000


def test_without_a_price_or_without_items_nothing_is_known() -> None:
    assert np.isnan(one((1, UNKNOWN)))
    assert np.isnan(one((1, 700), (1, UNKNOWN)))
    assert np.isnan(one(least=5_000))
    assert np.isnan(one((0, 700), lowest=400, least=5_000))


def test_columns_of_creators_and_columns_of_briefs_go_alike() -> None:
    by_creator = asked([(2, np.array([700, UNKNOWN, 100]))], lowest=np.array([1, 400, 1]), least=np.array([0, 0, 900]))
    by_brief = asked([(np.array([2, 0]), 700), (np.array([1, 1]), UNKNOWN)], lowest=400, least=UNKNOWN)

    assert by_creator == pytest.approx([1_400, 800, 900])
    assert by_brief == pytest.approx([1_800, 400])
