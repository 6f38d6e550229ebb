"""`bench capture`: real servers under a small load, from the first request to the figures."""

import json
import os
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench import capture
from bench.capturing import killing, load, pages

WAYS = {"collector", "drf", "drf_plain"}


def databases() -> set[str]:
    """Those that benchmarks of this process have made; other tests make and drop some of their own meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"wangting_bench_{os.getpid()}%"])
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("servers")
def test_all_parts_are_measured_and_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    small = {
        (capture, "KILLS"): 1,
        (capture, "DAYS"): 2,
        (pages, "TURNS"): 1,
        (pages, "PAGES"): 3,
        (load, "THREADS"): 4,
    }
    for (module, name), value in small.items():
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(killing, "BEFORE_A_KILL", 0.3)
    before, collect, out = databases(), settings.COLLECT_DIR, StringIO()

    call_command("bench", "capture", "--clients", "400", "--json", stdout=out)

    found = json.loads(out.getvalue())
    facts = found["facts"]
    assert set(found["ratios"]) == {
        "collector_vs_drf", "collector_vs_drf_single", "page_latency_ratio", "acked_lost",
        "compaction_events_per_cpu_s", "compaction_growth",
    }  # fmt: skip
    assert all(ratio > 0 for name, ratio in found["ratios"].items() if name != "acked_lost")
    assert set(facts["events_per_cpu_s"]) == WAYS | {f"{way}_single" for way in WAYS}
    assert (found["ratios"]["acked_lost"], facts["acked_doubled"], facts["kills"]) == (0, 0, 1)
    assert facts["acked"] > 0
    assert facts["events_a_day"] == 80_000
    assert len(facts["compaction_cpu_s_by_day"]) == 2
    assert (databases(), settings.COLLECT_DIR) == (before, collect)
