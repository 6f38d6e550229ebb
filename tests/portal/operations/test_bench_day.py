"""`bench day`: a night over a small generated branch, from an empty database to the figures."""

import json
import os
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench import day, library, scan, throwaway
from clients.lake.reading import open_lake
from clients.register.models import Client
from kpm.engine.catalogue import Catalogue, Feature
from kpm.engine.check import compile_condition
from kpm.strategies.models import Strategy

STEPS = [
    "matched", "eligible", "consented", "suitable", "cooled_down", "under_cap", "not_held_out", "won_arbitration",
    "within_capacity",
]  # fmt: skip


def databases() -> set[str]:
    """Those that benchmarks of this process have made; other tests make and drop some of their own meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"wangting_bench_{os.getpid()}%"])
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_a_night_is_measured_whole_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "DAYS", 8)
    before, lake, out = databases(), settings.LAKE_DIR, StringIO()

    call_command("bench", "day", "--clients", "300", "--json", stdout=out)

    found = json.loads(out.getvalue())
    facts = found["facts"]
    assert set(found) == {"name", "ratios", "cpu_s", "facts"}
    assert set(found["ratios"]) == {
        "matching_vs_scan", "features_vs_scan", "after_features_vs_scan", "copy_vs_bulk_create",
    }  # fmt: skip
    assert all(ratio > 0 for ratio in found["ratios"].values())
    assert (facts["clients"], facts["versions"], facts["versions_broken"]) == (300, 300, 0)
    assert facts["lake_rows"]["clients"] == facts["record_rows"]["register_client"] == 300
    assert list(facts["funnel"]) == STEPS
    assert {"matching", "copy_hits"} <= set(facts["each_vs_scan"]) <= set(found["cpu_s"])
    assert facts["funnel"]["matched"] == facts["hits_matched"] > facts["funnel"]["within_capacity"] > 0
    assert sorted(facts["funnel"].values(), reverse=True) == list(facts["funnel"].values())
    assert facts["hits_kept"] == facts["hits_compared"] == facts["funnel"]["consented"]
    assert (databases(), settings.LAKE_DIR) == (before, lake)
    assert (Client.objects.count(), Strategy.objects.count()) == (0, 0)


def break_off(places: list[Path]) -> None:
    with throwaway.database() as name, throwaway.lake() as lake:
        places.append(lake)
        assert name in databases()
        assert Client.objects.count() == 0
        raise KeyboardInterrupt


@pytest.mark.django_db(transaction=True)
def test_breaking_off_drops_the_database_and_the_lake() -> None:
    before, name = databases(), connection.settings_dict["NAME"]
    places: list[Path] = []

    with pytest.raises(KeyboardInterrupt):
        break_off(places)

    assert databases() == before
    assert connection.settings_dict["NAME"] == name
    assert not places[0].exists()


def test_the_scan_reads_the_columns_that_the_feature_sql_names() -> None:
    named = scan.named_columns()

    assert named["touches"] == {"client_id", "day", "reached", "staff_id"}
    assert named["positions"] == {
        "account_id", "client_id", "cost_price", "day", "last_price", "market_value", "quantity", "security_id",
    }  # fmt: skip
    assert {"context", "properties", "event", "happened_at"} <= named["events"]
    assert not {"region", "sent_at"} & named["events"]


def test_every_kind_of_column_is_summed() -> None:
    sums = {
        "n": ("DECIMAL(20,2)", "1.5"), "d": ("DATE", "DATE '1970-01-02'"), "t": ("VARCHAR", "'元'"),
        "at": ("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ '1970-01-01 00:00:05+00'"), "b": ("BOOLEAN", "true"),
    }  # fmt: skip
    listed = ", ".join(f'{value} AS "{name}"' for name, (_kind, value) in sums.items())
    asked = ", ".join(scan.summed(name, kind) for name, (kind, _value) in sums.items())

    with open_lake() as con:
        found = con.execute(f"SELECT {asked} FROM (SELECT {listed})").fetchall()[0]

    assert found == (Decimal("1.5"), 86_400, 3, 5, 1)


@pytest.mark.parametrize(
    ("condition", "moved"),
    [
        ("assets >= 50000", "assets >= 55000"),
        ("days BETWEEN 1 AND 30", "days <= 33 AND days >= 2"),
        ("share >= 0.95", "share >= 0.855"),
        ("days = 0 AND NOT (assets < 10)", "assets >= 11 AND days = 0"),
        ("coalesce(days, 9999) >= 60", "coalesce(days, 9999) >= 66"),
    ],
)
def test_a_threshold_moves_one_step(condition: str, moved: str) -> None:
    features = {
        "assets": Feature("assets", "资产", "assets", "decimal"),
        "days": Feature("days", "天数", "days", "int"),
        "share": Feature("share", "占比", "share", "decimal", maximum=Decimal(1)),
    }

    found = library.moved(compile_condition(condition, Catalogue(features, {}, {})))

    assert found == moved
