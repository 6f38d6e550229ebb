"""The guard that keeps nan, infinity and foreign types out of every comparison."""

from datetime import date
from decimal import Decimal

import duckdb

from kpm.engine.clean import clean_select
from tests.kpm.engine.samples import CATALOGUE

NAMES = ("ratio", "visits", "flag", "tier", "last_contact", "held")


def test_every_feature_gets_its_type_and_nothing_is_infinite() -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE raw (client_id BIGINT, ratio DOUBLE, visits HUGEINT, flag INTEGER, tier VARCHAR,"
        " last_contact DATE, held VARCHAR[])"
    )
    con.execute(
        "INSERT INTO raw VALUES (1, 1.23456789, 3, 1, 'gold', '2026-01-02', ['a', NULL]),"
        " (2, 'nan', 170141183460469231731687303715884105727, 0, NULL, 'infinity', NULL),"
        " (3, '-inf', NULL, NULL, NULL, NULL, []), (4, 1e300, NULL, NULL, NULL, NULL, NULL)"
    )
    sql = clean_select([CATALOGUE[name] for name in NAMES], "raw", keep=["client_id"])

    rows = con.execute(f"{sql} ORDER BY client_id").fetchall()

    types = [str(column[1]) for column in con.description]
    assert types == ["BIGINT", "DECIMAL(20,6)", "BIGINT", "BOOLEAN", "VARCHAR", "DATE", "VARCHAR[]"]
    assert rows == [
        (1, Decimal("1.234568"), 3, True, "gold", date(2026, 1, 2), ["a"]),
        (2, None, None, False, None, None, None),
        (3, None, None, None, None, None, []),
        (4, None, None, None, None, None, None),
    ]
