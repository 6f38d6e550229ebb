"""What the whole library says: goals, the level of what is offered, the clock of a deadline."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("strategies", "0006_first_limits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="strategyversion",
            name="goal_reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="why it has no goal"),
        ),
        migrations.AddField(
            model_name="strategyversion",
            name="permission_code",
            field=models.CharField(blank=True, max_length=20, verbose_name="permission that is offered"),
        ),
        migrations.AddField(
            model_name="strategyversion",
            name="process_outcome",
            field=models.TextField(blank=True, verbose_name="outcome of the treated"),
        ),
        migrations.AddField(
            model_name="strategyversion",
            name="product_level",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="product level"),
        ),
        migrations.AddField(
            model_name="strategyversion",
            name="sla_clock",
            field=models.CharField(
                choices=[("service", "Service hours"), ("clock", "Hours of the clock")],
                default="service",
                max_length=8,
                verbose_name="hours are counted in",
            ),
        ),
        migrations.AlterField(
            model_name="strategyversion",
            name="sla_hours",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="due within hours"),
        ),
        migrations.AddConstraint(
            model_name="strategyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("product_level__range", (1, 5))), name="product_level_r1_to_r5"
            ),
        ),
        migrations.AddConstraint(
            model_name="strategyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("submitted_at__isnull", True),
                    ("suitability_gate", False),
                    models.Q(
                        models.Q(("product_level_from", ""), _negated=True),
                        ("permission_code", ""),
                        ("product_level__isnull", True),
                    ),
                    models.Q(("permission_code", ""), ("product_level__isnull", False), ("product_level_from", "")),
                    models.Q(
                        ("product_level__isnull", True),
                        ("product_level_from", ""),
                        models.Q(("permission_code", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="offer_has_one_level",
            ),
        ),
    ]
