import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("register", "0002_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RevealRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_from", models.DateField(verbose_name="from")),
                ("effective_to", models.DateField(blank=True, null=True, verbose_name="to")),
                ("confirmed_at", models.DateTimeField(editable=False, null=True, verbose_name="confirmed")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("manager", "Client manager"),
                            ("adviser", "Investment adviser"),
                            ("call_centre", "Call-centre agent"),
                            ("supervisor", "Branch supervisor"),
                            ("service_ops", "HQ service operations"),
                            ("analyst", "Analyst"),
                            ("compliance", "Compliance"),
                            ("administrator", "Administrator"),
                            ("strategy_author", "Strategy author"),
                            ("branch_author", "Strategy author of a branch"),
                            ("business_approver", "Business approver of strategies"),
                            ("operator", "Operator of strategies"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("a_day", models.PositiveSmallIntegerField(verbose_name="a day")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "limit of shown particulars",
                "verbose_name_plural": "limits of shown particulars",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RevealRuleHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("effective_from", models.DateField(verbose_name="from")),
                ("effective_to", models.DateField(blank=True, null=True, verbose_name="to")),
                ("confirmed_at", models.DateTimeField(editable=False, null=True, verbose_name="confirmed")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("manager", "Client manager"),
                            ("adviser", "Investment adviser"),
                            ("call_centre", "Call-centre agent"),
                            ("supervisor", "Branch supervisor"),
                            ("service_ops", "HQ service operations"),
                            ("analyst", "Analyst"),
                            ("compliance", "Compliance"),
                            ("administrator", "Administrator"),
                            ("strategy_author", "Strategy author"),
                            ("branch_author", "Strategy author of a branch"),
                            ("business_approver", "Business approver of strategies"),
                            ("operator", "Operator of strategies"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("a_day", models.PositiveSmallIntegerField(verbose_name="a day")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
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
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="register.revealrule",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="revealrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_by__isnull", True), ("proposed_by__isnull", True)),
                    models.Q(
                        ("confirmed_at__isnull", True), ("confirmed_by__isnull", True), ("proposed_by__isnull", False)
                    ),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        ("proposed_by__isnull", False),
                        models.Q(("proposed_by", models.F("confirmed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="revealrule_signed_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="revealrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effective_to__isnull", True), ("effective_to__gte", models.F("effective_from")), _connector="OR"
                ),
                name="revealrule_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="revealrule",
            constraint=models.UniqueConstraint(fields=("role", "effective_from"), name="reveal_rule_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="revealrule",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_once_confirmed_at",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."confirmed_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3de895e39c5754553aefab89f767ad6f6132d847",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_frozen_once_confirmed_at_c233c",
                    table="register_revealrule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="revealrule",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "register_revealrulehistory" ("a_day", "confirmed_at", "confirmed_by_id", "effective_from", "effective_to", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "role") VALUES (NEW."a_day", NEW."confirmed_at", NEW."confirmed_by_id", NEW."effective_from", NEW."effective_to", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_by_id", NEW."role"); RETURN NULL;',
                    hash="da02111155d054597cbfa468ace3677ed7eb1d8c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_014f1",
                    table="register_revealrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="revealrule",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "register_revealrulehistory" ("a_day", "confirmed_at", "confirmed_by_id", "effective_from", "effective_to", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "role") VALUES (NEW."a_day", NEW."confirmed_at", NEW."confirmed_by_id", NEW."effective_from", NEW."effective_to", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_by_id", NEW."role"); RETURN NULL;',
                    hash="5dfe3a509f3c1781b97ce7308aac589153694c38",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d0da6",
                    table="register_revealrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="revealrule",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "register_revealrulehistory" ("a_day", "confirmed_at", "confirmed_by_id", "effective_from", "effective_to", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "role") VALUES (OLD."a_day", OLD."confirmed_at", OLD."confirmed_by_id", OLD."effective_from", OLD."effective_to", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_by_id", OLD."role"); RETURN NULL;',
                    hash="a2a72344ecde4b6f97051fb21efa19fea014d598",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1041c",
                    table="register_revealrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="revealrulehistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="919dbefa1bf8f83dbd5a3f37e8d5ae9435bd2ba1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a5b43",
                    table="register_revealrulehistory",
                    when="BEFORE",
                ),
            ),
        ),
    ]
