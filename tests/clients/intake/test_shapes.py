"""The notation of a shape."""

import pytest

from clients.intake.shapes import BadShape, Column, shape


def test_a_shape_reads_as_domain_writes_it() -> None:
    columns = shape("**day**:d* side:e*(buy, sell) quantity:q*(>0) share:r(0..1) t_plus:i~(0..9) memo:s200 ratio:r12")

    assert columns == (
        Column("day", "d", key=True, required=True),
        Column("side", "e", required=True, choices=("buy", "sell")),
        Column("quantity", "q", required=True, low="0", above=True),
        Column("share", "r", low="0", high="1"),
        Column("t_plus", "i", derived=True, low="0", high="9"),
        Column("memo", "s", size=200),
        Column("ratio", "r", size=12),
    )
    assert [column.pg_type for column in columns] == [
        "date", "text", "numeric(20,4)", "numeric(9,6)", "bigint", "text", "numeric(12,6)",
    ]  # fmt: skip


def test_a_column_says_what_may_stand_in_it() -> None:
    columns = shape("side:e(buy, sell) quantity:q(>0) share:r(0..1) memo:s200")

    assert [column.words for column in columns] == [
        "one of buy, sell", "quantity above 0", "ratio from 0 to 1", "text of at most 200 characters",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["day", "day:z", "share:r(much)", "**day:d", "a:d b;c"])
def test_what_is_no_shape_is_refused(text: str) -> None:
    with pytest.raises(BadShape):
        shape(text)
