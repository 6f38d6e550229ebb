"""Money: two places, half to even, fen as whole numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.shared import money

AMOUNTS = st.decimals("-99999999999999.99999", "99999999999999.99999", allow_nan=False, places=5)
FEN = st.integers(-(10**17), 10**17)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("0.005", "0.00"),
        ("0.015", "0.02"),
        ("0.025", "0.02"),
        ("-0.015", "-0.02"),
        ("2.675", "2.68"),
        ("1.0050001", "1.01"),
        ("7", "7.00"),
    ],
)
def test_half_a_fen_goes_to_the_even_neighbour(amount: str, rounded: str) -> None:
    assert str(money.round_cny(Decimal(amount))) == rounded


@given(AMOUNTS)
def test_rounding_moves_by_half_a_fen_at_most_and_a_second_time_by_nothing(amount: Decimal) -> None:
    rounded = money.round_cny(amount)

    assert abs(rounded - amount) <= Decimal("0.005")
    assert rounded.as_tuple().exponent == -2
    assert money.round_cny(rounded) == rounded


@given(AMOUNTS)
def test_rounding_has_no_side(amount: Decimal) -> None:
    assert money.round_cny(-amount) == -money.round_cny(amount)


@given(FEN)
def test_fen_and_back_is_the_same_number(fen: int) -> None:
    assert money.to_fen(money.from_fen(fen)) == fen


@given(FEN, FEN)
def test_sums_in_fen_and_in_yuan_agree(one: int, other: int) -> None:
    assert money.from_fen(one) + money.from_fen(other) == money.from_fen(one + other)


@pytest.mark.parametrize("amount", ["0.001", "12.345", "NaN"])
def test_a_fraction_of_a_fen_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="fraction of a fen"):
        money.to_fen(Decimal(amount))
