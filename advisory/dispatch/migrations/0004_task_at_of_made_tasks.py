from django.db import migrations

# Work that was handed out before the hit noted when: a task that followed a message counts against the limits from when
# it was made. A hit of which no task is known has handed out none, and stays without the moment.
TASK_AT = """
UPDATE strategies_hit h SET task_at = made.at FROM (
    SELECT hit_uid, min(created_at) AS at FROM taskqueue_task WHERE hit_uid IS NOT NULL GROUP BY hit_uid) made
WHERE made.hit_uid = h.uid AND h.task_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0003_goal_reached"),
        ("strategies", "0011_task_at"),
        ("taskqueue", "0006_four_eyes"),
    ]

    operations = [
        migrations.RunSQL(TASK_AT, migrations.RunSQL.noop),
    ]
