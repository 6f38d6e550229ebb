from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from clients.shared.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        TrigramExtension(),
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Channel",
                    fields=[
                        ("name", models.CharField(max_length=120, primary_key=True, serialize=False)),
                        ("version", models.BigIntegerField(default=1)),
                    ],
                    options={
                        "db_table": "shared_channel",
                    },
                ),
                migrations.CreateModel(
                    name="Job",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "name",
                            models.CharField(help_text="Celery task name, e.g. strategies.run_slot", max_length=120),
                        ),
                        (
                            "argument",
                            models.CharField(blank=True, help_text="The id or key it is about", max_length=200),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("failed", "Failed"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("error", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("started_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "db_table": "shared_job",
                        "indexes": [models.Index(fields=["state", "sent_at"], name="job_stale")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "waiting")),
                                fields=("name", "argument"),
                                name="job_waits_once",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
