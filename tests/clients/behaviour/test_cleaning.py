"""What tells who a person is never gets past the cleaning, and what DuckDB looks through misses none of it."""

import json
from collections import Counter
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.behaviour.cleaning import DROPPED, clean, cleaned, suspicious

KEYS = st.sampled_from(
    ["mobile", "Id_No", "phone", "email", "traits", "ip", "location", "city", "lat", "page", "url", "path",
     "13800000001", "phoneNumber", "a"]
)  # fmt: skip
LEAVES = st.sampled_from(
    ["13800000001", "+8613800000001", "110101199003070011", "11010119900307001X", "6222020200112230000",
     "ring 138-0000 0001", "ring 138-0000-0001!", "+86 138 0000 0001", "１３８００００００01", "6222 0202 0011 2230",
     "a@b.cn", "react@18.2", "/r/13800000001", "https://x/?q=1", "/a#b", -13800000001, 13800000001, 13800000001.0,
     600519, 1795105800350, "1795105800350", True, None, 1.5, "合肥", "", "x"]
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


@pytest.mark.parametrize(
    "said",
    ["my phone 13812345678", "138 1234 5678", "+86 138-1234-5678", "0086 13812345678", "138.1234.5678",
     "１３８１２３４５６７８", 13812345678.0, -13812345678, "11010119900307123X", "6222 0202 0011 2230 000",
     "/r/13812345678", "13812345678@qq.com", "write to zhang.san@mail.example.cn please"],
)  # fmt: skip
def test_numbers_and_addresses_are_found_inside_of_texts(said: Any) -> None:
    assert clean({"q": said, "many": [said]}, _unheard) == {"many": []}


@pytest.mark.parametrize(
    "said",
    ["600519.SH", "000001.SZ", 600519, "2026-11-20 09:58:12", "2026-11-20T09:58:12.123456Z", 1795105800350,
     "0123456789abcdef13812345678cdef0", "00000000000000000000000013812345678", "5f1c1381-2345-4678-9abc-138123456789",
     "log-13812345678a", 0.4857142857142857, "0.4857142857142857", "react@18.2", "@timestamp", "贵州茅台", True, None],
)  # fmt: skip
def test_symbols_ids_moments_and_prices_are_kept(said: Any) -> None:
    assert clean({"q": said}, _unheard) == {"q": said}


@pytest.mark.parametrize(
    "key",
    ["phoneNumber", "ipAddress", "ip_address", "clientNumber", "account_no", "certNo", "wechat", "real_name",
     "realName", "userName", "mobilePhone", "13812345678"],
)  # fmt: skip
def test_keys_of_persons_are_dropped_however_they_are_written(key: str) -> None:
    assert clean({key: "1", "name": "home", "view": "v"}, _unheard) == {"name": "home", "view": "v"}


def test_addresses_lose_their_query_and_a_city_is_short_and_no_number() -> None:
    page = {"url": "https://x/a?mobile=13812345678#b", "search": "?q=1", "path": "/a", "title": "why?"}

    kept = clean({"page": page, "location": {"city": "x" * 60, "region": "13812345678"}}, _unheard)

    assert kept == {
        "page": {"url": "https://x/a", "search": "", "path": "/a", "title": "why?"}, "location": {"city": "x" * 50}
    }  # fmt: skip


def _unheard(text: str, count: int) -> None:
    """Nobody counts."""


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
