import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.functions.datetime
from django.db import migrations, models

from clients.shared.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Article",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=60, verbose_name="source")),
                        ("source_id", models.CharField(max_length=200)),
                        ("published_at", models.DateTimeField(verbose_name="published at")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("flash", "Flash"),
                                    ("news", "News"),
                                    ("announcement", "Announcement"),
                                    ("research", "Research"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("title", models.CharField(max_length=500, verbose_name="title")),
                        ("body", models.TextField(blank=True, verbose_name="text")),
                        ("url", models.URLField(blank=True, max_length=500)),
                        ("lang", models.CharField(default="zh", max_length=2)),
                        (
                            "symbols",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=12), blank=True, default=list, size=None
                            ),
                        ),
                        ("rating", models.CharField(blank=True, max_length=8)),
                        ("licence", models.CharField(max_length=40)),
                        (
                            "reversal_of",
                            models.CharField(
                                blank=True, help_text="source_id of the article it takes back", max_length=200
                            ),
                        ),
                        ("arrived_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("linked_at", models.DateTimeField(help_text="When its securities were looked for", null=True)),
                    ],
                    options={
                        "verbose_name": "article",
                        "verbose_name_plural": "articles",
                        "indexes": [
                            models.Index(fields=["-published_at"], name="article_newest"),
                            django.contrib.postgres.indexes.GinIndex(fields=["symbols"], name="article_naming"),
                            models.Index(
                                condition=models.Q(("linked_at", None)),
                                fields=["published_at"],
                                name="article_unlinked",
                            ),
                            models.Index(
                                condition=models.Q(("reversal_of", ""), _negated=True),
                                fields=["source", "reversal_of"],
                                name="article_reversal",
                            ),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("source", "source_id"), name="article_once")],
                    },
                ),
            ],
        ),
    ]
