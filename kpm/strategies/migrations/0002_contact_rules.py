"""The contact rules every installation begins with, from the one seed file."""

from pathlib import Path

import yaml
from django.db import migrations

SEED = Path(__file__).resolve().parent.parent / "seeds" / "contact_rules.yaml"


def seed(apps, schema_editor):
    """Write the rows once."""
    rules = yaml.safe_load(SEED.read_text(encoding="utf-8"))
    for rule in rules["rules"]:
        most = rule.pop("most")
        apps.get_model("strategies", "ContactRule").objects.get_or_create(
            **rule, effective_from=rules["effective_from"], defaults={"most": most}
        )


class Migration(migrations.Migration):
    dependencies = [("strategies", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
