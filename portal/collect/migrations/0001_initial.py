import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from clients.shared.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="WriteKey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        (
                            "platform",
                            models.CharField(
                                choices=[
                                    ("web", "Web"),
                                    ("ios", "iOS app"),
                                    ("android", "Android app"),
                                    ("terminal", "Trading terminal"),
                                    ("wechat", "WeChat"),
                                    ("counter", "Counter"),
                                ],
                                max_length=10,
                                verbose_name="platform",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("public", "Public: cannot name clients"),
                                    ("server", "Server: names clients"),
                                ],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "value",
                            models.CharField(blank=True, editable=False, max_length=64, verbose_name="text of the key"),
                        ),
                        ("digest", models.CharField(editable=False, max_length=64, unique=True, verbose_name="digest")),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="made by",
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="made at")),
                        (
                            "revoked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="revoked by",
                            ),
                        ),
                        ("revoked_at", models.DateTimeField(null=True, verbose_name="revoked at")),
                    ],
                    options={
                        "verbose_name": "write key",
                        "verbose_name_plural": "write keys",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("revoked_at", None)),
                                fields=("name",),
                                name="write_key_name_in_force_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "public"), models.Q(("value", ""), _negated=True)),
                                    models.Q(("kind", "server"), ("value", "")),
                                    _connector="OR",
                                ),
                                name="write_key_server_is_secret",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("revoked_at", None), ("revoked_by", None)),
                                    models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="write_key_revoked_by_somebody",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="never_deleted",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="2704c714b9be79886ec7cd9959c1fb08e8cc270e",
                                    operation="DELETE",
                                    pgid="pgtrigger_never_deleted_aa37c",
                                    table="collect_writekey",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="only_revoked",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."platform" IS DISTINCT FROM (NEW."platform") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."value" IS DISTINCT FROM (NEW."value") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="6730c67dffa9dee47c8eac8f712d94c21db5d2a8",
                                    operation="UPDATE",
                                    pgid="pgtrigger_only_revoked_1356d",
                                    table="collect_writekey",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="revoked_once",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."revoked_at" IS NOT NULL)',
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="d148ce23e7ccced8e7f6cd08ed735699db79ec60",
                                    operation="UPDATE",
                                    pgid="pgtrigger_revoked_once_1bd52",
                                    table="collect_writekey",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "collect_writekeyhistory" ("created_at", "created_by_id", "digest", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "platform", "revoked_at", "revoked_by_id", "value") VALUES (NEW."created_at", NEW."created_by_id", NEW."digest", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."platform", NEW."revoked_at", NEW."revoked_by_id", NEW."value"); RETURN NULL;',
                                    hash="a52bb83f87e3d546f52b7973063ae2cdf194d28b",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_317e3",
                                    table="collect_writekey",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "collect_writekeyhistory" ("created_at", "created_by_id", "digest", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "platform", "revoked_at", "revoked_by_id", "value") VALUES (NEW."created_at", NEW."created_by_id", NEW."digest", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."platform", NEW."revoked_at", NEW."revoked_by_id", NEW."value"); RETURN NULL;',
                                    hash="012d21fef87e70e92e5314fd647e33065448d767",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_d1c6e",
                                    table="collect_writekey",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "collect_writekeyhistory" ("created_at", "created_by_id", "digest", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "platform", "revoked_at", "revoked_by_id", "value") VALUES (OLD."created_at", OLD."created_by_id", OLD."digest", OLD."id", OLD."kind", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."platform", OLD."revoked_at", OLD."revoked_by_id", OLD."value"); RETURN NULL;',
                                    hash="8b86571d4b3abb917dcdb040ca46aa7a6a4d501f",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_494f9",
                                    table="collect_writekey",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WriteKeyHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="collect.writekey",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        (
                            "platform",
                            models.CharField(
                                choices=[
                                    ("web", "Web"),
                                    ("ios", "iOS app"),
                                    ("android", "Android app"),
                                    ("terminal", "Trading terminal"),
                                    ("wechat", "WeChat"),
                                    ("counter", "Counter"),
                                ],
                                max_length=10,
                                verbose_name="platform",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("public", "Public: cannot name clients"),
                                    ("server", "Server: names clients"),
                                ],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "value",
                            models.CharField(blank=True, editable=False, max_length=64, verbose_name="text of the key"),
                        ),
                        ("digest", models.CharField(editable=False, max_length=64, verbose_name="digest")),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="made by",
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="made at")),
                        (
                            "revoked_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="revoked by",
                            ),
                        ),
                        ("revoked_at", models.DateTimeField(null=True, verbose_name="revoked at")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="5b77413ee2ddbcb49ed5b244cd24fa7ff486fd9c",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_5d475",
                                    table="collect_writekeyhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
