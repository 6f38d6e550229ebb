import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models

from clients.shared.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("org", "0001_initial"),
        ("strategies", "0001_initial"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Outcome",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "hit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="strategies.hit"
                            ),
                        ),
                        (
                            "corrects",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrected_by",
                                to="outcomes.outcome",
                            ),
                        ),
                        ("window_end", models.DateField(verbose_name="window ends")),
                        ("value", models.BooleanField(null=True, verbose_name="goal reached")),
                        ("metrics", models.JSONField(default=dict, verbose_name="counted")),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "measured"),
                                    ("no_goal", "no goal that both arms can reach"),
                                    ("waits", "waits for a source that nothing fills yet"),
                                    ("closed", "account closed within the window"),
                                    ("unknown", "a value of the goal is unknown"),
                                ],
                                max_length=10,
                                verbose_name="reason",
                            ),
                        ),
                        ("observed_at", models.DateTimeField(verbose_name="observed")),
                    ],
                    options={
                        "verbose_name": "outcome",
                        "verbose_name_plural": "outcomes",
                        "indexes": [models.Index(fields=["window_end"], name="outcome_by_window")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("corrects", None)), fields=("hit",), name="outcome_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("reason__gt", ""), ("value", None)),
                                    models.Q(("reason", ""), ("value__isnull", False)),
                                    _connector="OR",
                                ),
                                name="outcome_unknown_has_a_reason",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="a9416753aae0435d99e525ef76d91c9c24cb866f",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_903b5",
                                    table="outcomes_outcome",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EffectSnapshot",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="strategies.strategyversion",
                                verbose_name="version",
                            ),
                        ),
                        (
                            "branch",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="org.branch",
                                verbose_name="branch",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="as of")),
                        ("treated_n", models.PositiveIntegerField()),
                        ("treated_x", models.PositiveIntegerField()),
                        ("treated_missing", models.PositiveIntegerField()),
                        ("held_n", models.PositiveIntegerField()),
                        ("held_x", models.PositiveIntegerField()),
                        ("held_missing", models.PositiveIntegerField()),
                        ("difference", models.FloatField(null=True, verbose_name="difference")),
                        ("lower", models.FloatField(null=True)),
                        ("upper", models.FloatField(null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("no_goal", "no causal goal"),
                                    ("waits", "cannot be measured yet"),
                                    ("no_holdout", "nobody is held out"),
                                    ("unhealthy", "unhealthy"),
                                    ("collecting", "collecting"),
                                    ("measured", "measured"),
                                ],
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "effect",
                        "verbose_name_plural": "effects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("version", "branch", "day"), name="effect_once", nulls_distinct=False
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
