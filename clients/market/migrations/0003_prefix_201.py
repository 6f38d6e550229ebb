"""B shares of Shenzhen begin with 200 and, since one company moved there from another line, with 201."""

from django.db import migrations


def add(apps, schema_editor):
    """Write the row once."""
    prefix = apps.get_model("market", "BoardPrefix")
    prefix.objects.get_or_create(exchange_id="SZ", prefix="201", defaults={"type": "stock", "board": "b"})


class Migration(migrations.Migration):
    dependencies = [("market", "0002_seed")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
