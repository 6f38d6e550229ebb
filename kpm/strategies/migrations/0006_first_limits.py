"""What an answer silences and how often a family may come, to begin with, from the one seed file."""

from pathlib import Path

import yaml
from django.db import migrations
from django.utils import timezone

SEED = Path(__file__).resolve().parent.parent / "seeds" / "suppressions.yaml"


def seed(apps, schema_editor):
    """Write the rows once; what comes with the house is confirmed by nobody in it."""
    seeds = yaml.safe_load(SEED.read_text(encoding="utf-8"))
    came = {"effective_from": seeds["effective_from"], "confirmed_at": timezone.now()}
    kinds = {"suppressions": "Suppression", "family_caps": "FamilyCap"}
    for name, model in kinds.items():
        table = apps.get_model("strategies", model)
        table.objects.bulk_create(table(**row, **came) for row in seeds[name])


class Migration(migrations.Migration):
    dependencies = [("strategies", "0005_funnel_whole")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
