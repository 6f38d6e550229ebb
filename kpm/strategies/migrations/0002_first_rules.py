"""The contact rules, what an answer silences and how often a family may come: what every installation begins with."""

from pathlib import Path
from typing import Any

import yaml
from django.db import migrations
from django.utils import timezone

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def seed(apps, schema_editor):
    """Write the rows once; what comes with the house is confirmed by nobody in it."""
    rules, limits = _read("contact_rules.yaml"), _read("suppressions.yaml")
    _write(apps.get_model("strategies", "ContactRule"), rules["rules"], rules["effective_from"])
    for name, model in {"suppressions": "Suppression", "family_caps": "FamilyCap"}.items():
        _write(apps.get_model("strategies", model), limits[name], limits["effective_from"])


def _read(name: str) -> Any:
    return yaml.safe_load((SEEDS / name).read_text(encoding="utf-8"))


def _write(table, rows, since):
    came = {"effective_from": since, "confirmed_at": timezone.now()}
    table.objects.bulk_create(table(**row, **came) for row in rows)


class Migration(migrations.Migration):
    dependencies = [("strategies", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
