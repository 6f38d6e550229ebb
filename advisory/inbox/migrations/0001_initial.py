import uuid

import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from clients.shared.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("register", "0001_initial"),
        ("strategies", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="MessageTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=40, verbose_name="code")),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                        ("title", models.CharField(max_length=100, verbose_name="title")),
                        ("body", models.TextField(verbose_name="text")),
                        ("title_en", models.CharField(blank=True, max_length=150, verbose_name="English title")),
                        ("body_en", models.TextField(blank=True, verbose_name="English text")),
                        ("active", models.BooleanField(default=False, verbose_name="active")),
                        (
                            "author",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="author",
                            ),
                        ),
                        ("written_at", models.DateTimeField(editable=False, null=True, verbose_name="written")),
                        (
                            "published_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="published by",
                            ),
                        ),
                        ("published_at", models.DateTimeField(editable=False, null=True, verbose_name="published")),
                    ],
                    options={
                        "verbose_name": "message template",
                        "verbose_name_plural": "message templates",
                        "constraints": [
                            models.UniqueConstraint(fields=("code", "version"), name="message_template_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("author__isnull", True), ("published_by__isnull", True)),
                                    models.Q(
                                        ("author__isnull", False),
                                        ("published_at__isnull", True),
                                        ("published_by__isnull", True),
                                    ),
                                    models.Q(
                                        ("author__isnull", False),
                                        ("published_at__isnull", False),
                                        ("published_by__isnull", False),
                                        models.Q(("author", models.F("published_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="message_template_by_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("active", False), ("published_at__isnull", False), _connector="OR"),
                                name="message_template_active_is_published",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="published_text_stays",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.published_at IS NOT NULL AND (OLD.code, OLD.version, OLD.title, OLD.body, OLD.title_en, OLD.body_en, OLD.author_id, OLD.written_at, OLD.published_by_id, OLD.published_at) IS DISTINCT FROM (NEW.code, NEW.version, NEW.title, NEW.body, NEW.title_en, NEW.body_en, NEW.author_id, NEW.written_at, NEW.published_by_id, NEW.published_at))",
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="b6602026bb078a3935ce856858a5cc889ffdb237",
                                    operation="UPDATE",
                                    pgid="pgtrigger_published_text_stays_5172e",
                                    table="inbox_messagetemplate",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="published_text_is_kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."published_at" IS NOT NULL)',
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="9521db08e89a24f1a632fb88e35cdb54d239e821",
                                    operation="DELETE",
                                    pgid="pgtrigger_published_text_is_kept_aa5ab",
                                    table="inbox_messagetemplate",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "inbox_messagetemplatehistory" ("active", "author_id", "body", "body_en", "code", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "title", "title_en", "version", "written_at") VALUES (NEW."active", NEW."author_id", NEW."body", NEW."body_en", NEW."code", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."published_at", NEW."published_by_id", NEW."title", NEW."title_en", NEW."version", NEW."written_at"); RETURN NULL;',
                                    hash="12a5159eed06f773ab51dd67430ad89bbd8d2779",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_a48cc",
                                    table="inbox_messagetemplate",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "inbox_messagetemplatehistory" ("active", "author_id", "body", "body_en", "code", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "title", "title_en", "version", "written_at") VALUES (NEW."active", NEW."author_id", NEW."body", NEW."body_en", NEW."code", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."published_at", NEW."published_by_id", NEW."title", NEW."title_en", NEW."version", NEW."written_at"); RETURN NULL;',
                                    hash="58221650488ccf8d6bcfdbfe4c71bd072e27b729",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_14758",
                                    table="inbox_messagetemplate",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "inbox_messagetemplatehistory" ("active", "author_id", "body", "body_en", "code", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "title", "title_en", "version", "written_at") VALUES (OLD."active", OLD."author_id", OLD."body", OLD."body_en", OLD."code", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."published_at", OLD."published_by_id", OLD."title", OLD."title_en", OLD."version", OLD."written_at"); RETURN NULL;',
                                    hash="44971ac2734ce7be64759a540a3272d9518bd578",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_065cb",
                                    table="inbox_messagetemplate",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MessageTemplateHistory",
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
                                to="inbox.messagetemplate",
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
                        ("code", models.CharField(max_length=40, verbose_name="code")),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                        ("title", models.CharField(max_length=100, verbose_name="title")),
                        ("body", models.TextField(verbose_name="text")),
                        ("title_en", models.CharField(blank=True, max_length=150, verbose_name="English title")),
                        ("body_en", models.TextField(blank=True, verbose_name="English text")),
                        ("active", models.BooleanField(default=False, verbose_name="active")),
                        (
                            "author",
                            models.ForeignKey(
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="author",
                            ),
                        ),
                        ("written_at", models.DateTimeField(editable=False, null=True, verbose_name="written")),
                        (
                            "published_by",
                            models.ForeignKey(
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="published by",
                            ),
                        ),
                        ("published_at", models.DateTimeField(editable=False, null=True, verbose_name="published")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="cb9ecf149b4ee1a454e84f84fc40dd98fe811bf1",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_1dc98",
                                    table="inbox_messagetemplatehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
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
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.branch"
                            ),
                        ),
                        (
                            "hit",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="strategies.hit",
                            ),
                        ),
                        ("strategy_code", models.CharField(blank=True, max_length=20)),
                        ("purpose", models.CharField(max_length=12, verbose_name="purpose")),
                        ("title", models.CharField(max_length=150, verbose_name="title")),
                        ("body", models.TextField(verbose_name="text")),
                        ("why", models.CharField(blank=True, max_length=300)),
                        ("why_en", models.CharField(blank=True, max_length=400)),
                        ("evidence", models.JSONField(default=dict)),
                        ("data_day", models.DateField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("valid_until", models.DateTimeField(null=True)),
                        ("read_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "verbose_name": "message",
                        "verbose_name_plural": "messages",
                        "indexes": [
                            models.Index(fields=["client", "-created_at"], name="message_newest"),
                            models.Index(
                                condition=models.Q(("read_at__isnull", True)), fields=["client"], name="message_unread"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="inbox.message",
                            ),
                        ),
                        ("channel", models.CharField(max_length=10)),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("delivered_at", models.DateTimeField(null=True)),
                        ("read_at", models.DateTimeField(null=True)),
                        ("failed_at", models.DateTimeField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("message", "channel"), name="delivery_once")],
                    },
                ),
            ],
        ),
    ]
