"""`bench features`: two small generated branches, from empty databases to the figures."""

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from bench import features


@pytest.mark.django_db(transaction=True)
def test_a_night_and_its_growth_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "DAYS", 4)
    before, out = settings.LAKE_DIR, StringIO()

    call_command("bench", "features", "--clients", "200", "--json", stdout=out)

    found = json.loads(out.getvalue())
    assert set(found["ratios"]) == {"features_vs_scan", "growth_10x", "incremental_vs_full"}
    assert min(found["ratios"].values()) > 0
    assert found["facts"]["clients"] == 200
    assert found["facts"]["features"] >= 290
    assert found["cpu_s"]["traits"] > 0
    assert before == settings.LAKE_DIR
