from django.db import migrations, models

from clients.shared.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="ImportRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=30, verbose_name="kind")),
                        ("file_name", models.CharField(max_length=255, verbose_name="file")),
                        ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                        ("options", models.JSONField(default=dict, verbose_name="options")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("refused", "Refused as a whole"),
                                    ("failed", "Failed"),
                                    ("broken_off", "Broken off"),
                                ],
                                default="running",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("started_at", models.DateTimeField(verbose_name="started")),
                        ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                        ("started_by", models.CharField(max_length=60, verbose_name="by")),
                        ("lines", models.BigIntegerField(default=0, verbose_name="lines")),
                        ("accepted", models.BigIntegerField(default=0, verbose_name="accepted")),
                        ("unchanged", models.BigIntegerField(default=0, verbose_name="unchanged")),
                        ("rejected", models.BigIntegerField(default=0, verbose_name="rejected")),
                        (
                            "money",
                            models.DecimalField(
                                decimal_places=2, max_digits=30, null=True, verbose_name="sum of money"
                            ),
                        ),
                        ("clients", models.BigIntegerField(null=True, verbose_name="distinct clients")),
                        ("codes", models.JSONField(default=dict, verbose_name="rejected by code")),
                        ("notes", models.JSONField(default=dict, verbose_name="notes")),
                        ("reject_file", models.CharField(blank=True, max_length=500, verbose_name="reject file")),
                        ("error", models.TextField(blank=True, verbose_name="error")),
                    ],
                    options={
                        "verbose_name": "import",
                        "verbose_name_plural": "imports",
                        "ordering": ["-pk"],
                    },
                ),
            ],
        ),
    ]
