import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.db import migrations, models

from clients.shared.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("market", "0001_initial"),
        ("register", "0001_initial"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="BusinessFact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=60)),
                        (
                            "client",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="register.client",
                            ),
                        ),
                        (
                            "security",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="market.security",
                            ),
                        ),
                        ("object_id", models.CharField(blank=True, max_length=80)),
                        ("properties", models.JSONField(default=dict)),
                        ("at", models.DateTimeField()),
                        ("arrived_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("idem_key", models.CharField(max_length=160, unique=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["arrived_at"], name="fact_arrived"),
                            models.Index(fields=["client", "-at"], name="fact_of_client"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="3231edf7b194489a6ae3dfbe543c8165aed98fa8",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_0cd34",
                                    table="behaviour_businessfact",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AnonymousLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("anonymous_id", models.CharField(max_length=100, unique=True)),
                        (
                            "client",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="register.client",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "settled",
                            models.BooleanField(default=False, help_text="The days before it name the client."),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(condition=models.Q(("settled", False)), fields=["id"], name="link_unsettled")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Compaction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "portion",
                            models.CharField(help_text="Name of its first segment.", max_length=100, unique=True),
                        ),
                        ("at", models.DateTimeField()),
                        ("segments", models.IntegerField()),
                        ("bytes", models.BigIntegerField()),
                        ("events", models.BigIntegerField(help_text="New in the lake.")),
                        ("newest", models.DateTimeField(help_text="When the newest of them was received.", null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["-at"], name="compaction_newest")],
                    },
                ),
                migrations.CreateModel(
                    name="CaptureTally",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("hour", models.DateTimeField()),
                        ("write_key", models.BigIntegerField()),
                        ("accepted", models.BigIntegerField(default=0)),
                        ("duplicate", models.BigIntegerField(default=0)),
                        ("forged", models.BigIntegerField(default=0)),
                        ("declined", models.BigIntegerField(default=0)),
                        ("dead", models.BigIntegerField(default=0)),
                        ("refused", models.BigIntegerField(default=0)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("hour", "write_key"), name="capture_tally_once")
                        ],
                    },
                ),
            ],
        ),
    ]
