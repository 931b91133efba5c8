"""Where the lines and bars of a chart stand."""

import pytest

from marketplace.kit.charts import BOTTOM, HEIGHT, TOP, WIDTH, band, bars, line


def test_the_highest_value_touches_the_top_and_zero_the_floor() -> None:
    drawn = line([("a", 0.0), ("b", 10.0), ("c", 5.0)])

    assert [mark.y for mark in drawn.marks] == [HEIGHT - BOTTOM, TOP, (TOP + HEIGHT - BOTTOM) / 2]


def test_nothing_is_drawn_outside_the_picture() -> None:
    for drawn in (line([(str(n), float(n)) for n in range(50)]), bars([(str(n), float(n)) for n in range(50)])):
        assert all(mark.x >= 0 and mark.x + mark.width <= WIDTH for mark in drawn.marks)
        assert all(0 <= mark.y <= drawn.floor for mark in drawn.marks)


def test_no_values_one_value_and_only_zeros_can_be_drawn() -> None:
    assert line([]).marks == ()
    assert line([]).area == ""
    assert len(line([("a", 3.0)]).marks) == 1
    assert {mark.y for mark in bars([("a", 0.0), ("b", 0.0)]).marks} == {HEIGHT - BOTTOM}


def test_labels_are_thinned_out_but_the_last_one_stays() -> None:
    drawn = line([(str(n), 1.0) for n in range(24)])

    assert sum(mark.shown for mark in drawn.marks) <= 6
    assert drawn.marks[-1].shown


def test_a_band_is_drawn_round_its_line_on_a_fixed_axis_by_the_days_between() -> None:
    drawn = band([(0, 20, 50, 80), (1, 30, 50, 70), (10, 45, 50, 55)], labels=["a", "b", "c"], top=100)

    xs = [mark.x for mark in drawn.marks]
    assert (xs[1] - xs[0]) * 9 == pytest.approx(xs[2] - xs[1], rel=0.01)
    assert len({mark.y for mark in drawn.marks}) == 1
    assert len(drawn.area.split()) == 6
    assert band([], labels=[], top=100).last is None
