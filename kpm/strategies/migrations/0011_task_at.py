from django.db import migrations, models

# Work that was made at the delivery itself. Tasks that followed a message are not known here: they count from the
# next one on.
HANDED_OUT_AT_DELIVERY = """
UPDATE strategies_hit h SET task_at = h.delivered_at FROM strategies_strategyversion v
WHERE v.id = h.version_id AND v.action IN ('task', 'task_then_push', 'reminder') AND h.delivered_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("strategies", "0010_runs_without_dead_columns"),
    ]

    operations = [
        migrations.AddField(
            model_name="hit",
            name="task_at",
            field=models.DateTimeField(
                help_text="When its work for a person was handed out", null=True, verbose_name="Task made"
            ),
        ),
        migrations.RunSQL(HANDED_OUT_AT_DELIVERY, migrations.RunSQL.noop),
    ]
