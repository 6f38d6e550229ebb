import uuid

import django.db.models.deletion
from django.db import migrations, models

from clients.shared.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("register", "0001_initial"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="DataCopy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.client"
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("ip", models.GenericIPAddressField(null=True)),
                        ("ready_at", models.DateTimeField(null=True)),
                        ("expires_at", models.DateTimeField(null=True)),
                        ("rows", models.PositiveBigIntegerField(null=True)),
                        ("size", models.PositiveBigIntegerField(help_text="Bytes", null=True)),
                        ("fetched_at", models.DateTimeField(help_text="When it was first fetched", null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["client", "-asked_at"], name="copy_newest")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ready_at", None)), fields=("client",), name="one_copy_at_a_time"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("expires_at", None), ("fetched_at", None), ("ready_at", None), ("size", None)
                                    ),
                                    models.Q(
                                        ("expires_at__gt", models.F("ready_at")),
                                        ("ready_at__isnull", False),
                                        ("size__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="copy_ready_or_not",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
