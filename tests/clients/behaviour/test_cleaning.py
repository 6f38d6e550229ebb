"""What tells who a person is never gets past the cleaning, and what DuckDB looks through misses none of it."""

import json
from collections import Counter
from typing import Any

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.behaviour.cleaning import DROPPED, clean, cleaned, suspicious

KEYS = st.sampled_from(["mobile", "Id_No", "phone", "email", "traits", "ip", "location", "city", "lat", "page", "a"])
LEAVES = st.sampled_from(
    ["13800000001", "+8613800000001", "110101199003070011", "11010119900307001X", "6222020200112230000",
     13800000001, 600519, 1795105800350, "1795105800350", True, None, 1.5, "合肥", "", "x"]
)  # fmt: skip
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))


def test_keys_and_values_of_persons_are_dropped_and_counted_wherever_they_stand() -> None:
    noted: Counter[str] = Counter()
    event = {
        "mobile": "1", "page": "/", "note": "13800000001", "many": ["13900000001", "x"], "traits": {"name": "张三"},
        "ip": "36.1.2.3", "location": {"city": "合肥", "lat": 31.8, "street": "长江路"},
    }  # fmt: skip

    kept = clean(event, lambda text, count: noted.update({text: count}))

    assert kept == {"page": "/", "many": ["x"], "location": {"city": "合肥"}}
    assert noted == {DROPPED: 5}


def test_no_text_is_an_empty_object_and_keys_come_in_order() -> None:
    assert cleaned(None, lambda text, count: None) == "{}"
    assert cleaned('{"b": 1, "a": "合"}', lambda text, count: None) == '{"a": "合", "b": 1}'


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_what_looks_harmless_in_sql_has_nothing_to_clean(value: dict[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False)

    con = duckdb.connect()
    found = con.execute(f"SELECT {suspicious('text')} FROM (SELECT CAST(CAST(? AS JSON) AS VARCHAR) AS text)", [text])

    assert found.fetchall()[0][0] or clean(value, lambda text, count: None) == value
