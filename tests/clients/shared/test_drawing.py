"""The geometry of lines and bars."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from clients.shared.drawing import HEIGHT, WIDTH, draw_line, draw_shares

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


def test_a_line_goes_from_edge_to_edge_highest_on_top():
    drawn = draw_line([Decimal(1), Decimal(3), Decimal(2)])

    assert drawn.line == "M0 112 L300 8 L600 60"
    assert drawn.area == "M0 112 L300 8 L600 60 L600 120 L0 120 Z"
    assert drawn.last == (600.0, 60.0)


def test_equal_values_lie_in_the_middle():
    assert draw_line([Decimal(5), Decimal(5)]).line == "M0 60 L600 60"


def test_one_value_is_no_line():
    assert draw_line([Decimal(5)]) is None
    assert draw_line([]) is None


@given(st.lists(AMOUNTS, min_size=2, max_size=40))
def test_no_point_leaves_the_field(values):
    points = [point.split() for point in draw_line(values).line[1:].split(" L")]

    assert len(points) == len(values)
    assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT for x, y in points)


def test_parts_are_sorted_and_what_is_nothing_is_left_out():
    drawn = draw_shares([("a", Decimal(1)), ("b", Decimal(3)), ("c", Decimal(0)), ("d", Decimal(-4))], "other")

    assert [(part.label, part.start, part.length) for part in drawn] == [("b", 0.0, 75.0), ("a", 75.0, 25.0)]
    assert drawn[0].ratio == Decimal("0.75")


def test_beyond_five_the_smallest_become_one():
    drawn = draw_shares([(str(n), Decimal(n)) for n in range(1, 8)], "other")

    assert [part.label for part in drawn] == ["7", "6", "5", "4", "other"]
    assert drawn[-1].value == Decimal(6)


@given(st.lists(st.decimals(min_value="0.01", max_value=10**12, places=2), max_size=12))
def test_parts_fill_the_whole_and_nothing_is_lost(values):
    drawn = draw_shares([(str(n), value) for n, value in enumerate(values)], "other")

    assert sum((part.value for part in drawn), Decimal(0)) == sum(values, Decimal(0))
    assert not drawn or abs(sum(part.length for part in drawn) - 100) < 0.05
