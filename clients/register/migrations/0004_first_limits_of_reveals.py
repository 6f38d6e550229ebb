"""How many hidden particulars people of each role may have shown in a day, as dated rows that compliance may replace."""

from datetime import date

from django.db import migrations
from django.utils import timezone

START = date(2017, 7, 1)
A_DAY = {"manager": 20, "adviser": 20, "call_centre": 40, "supervisor": 20, "compliance": 50}


def seed(apps, schema_editor):
    """Write the rows once; what comes with the house is confirmed by nobody in it."""
    rule, now = apps.get_model("register", "RevealRule"), timezone.now()
    rule.objects.bulk_create(
        rule(role=role, a_day=a_day, effective_from=START, confirmed_at=now) for role, a_day in A_DAY.items()
    )


class Migration(migrations.Migration):
    dependencies = [("register", "0003_limits_of_reveals")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
