"""`bench studio`: the engine against the ORM over a small generated branch."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from bench import studio
from clients.register.models import Client
from kpm.strategies.models import Strategy


@pytest.mark.django_db(transaction=True)
def test_both_find_the_same_clients_and_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio, "DAYS", 8)
    monkeypatch.setattr(studio, "BACK_DAYS", 6)
    monkeypatch.setattr(studio, "BUSY_DAYS", 1)
    out = StringIO()

    call_command("bench", "studio", "--clients", "300", "--json", stdout=out)

    found = json.loads(out.getvalue())
    assert set(found["ratios"]) == {
        "orm_vs_match", "after_features_vs_scan", "preview_ms", "backtest_s", "value_vs_priority_order",
    }  # fmt: skip
    assert all(ratio > 0 for ratio in found["ratios"].values())
    assert (found["facts"]["clients"], found["facts"]["orm_clients"], found["facts"]["versions"]) == (300, 300, 300)
    assert (Client.objects.count(), Strategy.objects.count()) == (0, 0)
