import uuid

import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import kpm.strategies.models.strategy
from clients.shared.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("register", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Run",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField(verbose_name="day")),
                        ("slot", models.CharField(max_length=20, verbose_name="slot")),
                        ("attempt", models.PositiveSmallIntegerField(default=1)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("running", "Running"),
                                    ("published", "Published"),
                                    ("failed", "Failed"),
                                    ("superseded", "Superseded"),
                                ],
                                default="running",
                                max_length=12,
                                verbose_name="state",
                            ),
                        ),
                        ("input_hash", models.CharField(blank=True, max_length=64)),
                        ("catalogue_version", models.CharField(blank=True, max_length=64)),
                        ("cutoff", models.DateTimeField()),
                        ("started_at", models.DateTimeField()),
                        ("published_at", models.DateTimeField(null=True)),
                        ("error", models.TextField(blank=True)),
                    ],
                    options={
                        "verbose_name": "run",
                        "verbose_name_plural": "runs",
                        "constraints": [
                            models.UniqueConstraint(fields=("day", "slot", "attempt"), name="run_once"),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state", "published"), models.Q(("slot__in", ("event", "intraday")), _negated=True)
                                ),
                                fields=("day", "slot"),
                                name="one_published_run",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RunStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="strategies.run"
                            ),
                        ),
                        ("step", models.CharField(max_length=30)),
                        ("rows_in", models.BigIntegerField(null=True, verbose_name="rows in")),
                        ("rows_out", models.BigIntegerField(default=0, verbose_name="rows out")),
                        ("reasons", models.JSONField(default=dict, verbose_name="stopped")),
                        ("cpu_ms", models.PositiveIntegerField(default=0, verbose_name="processor time, ms")),
                        ("wall_ms", models.PositiveIntegerField(default=0, verbose_name="time, ms")),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("error", models.TextField(blank=True)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("run", "step"), name="run_step_once")],
                    },
                ),
                migrations.CreateModel(
                    name="ContactRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("effective_from", models.DateField(verbose_name="from")),
                        ("effective_to", models.DateField(blank=True, null=True, verbose_name="to")),
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
                        ("confirmed_at", models.DateTimeField(editable=False, null=True, verbose_name="confirmed")),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("regulatory", "Regulatory"),
                                    ("risk", "Risk"),
                                    ("service", "Service"),
                                    ("marketing", "Marketing"),
                                ],
                                max_length=12,
                                verbose_name="purpose",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("push", "Message"), ("call", "Call"), ("human", "Contact by a person")],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "window",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)], verbose_name="window"
                            ),
                        ),
                        (
                            "unit",
                            models.CharField(
                                choices=[("day", "days"), ("td", "trading days")], max_length=3, verbose_name="unit"
                            ),
                        ),
                        ("most", models.PositiveSmallIntegerField(verbose_name="at most")),
                    ],
                    options={
                        "verbose_name": "contact rule",
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("confirmed_by__isnull", True), ("proposed_by__isnull", True)),
                                    models.Q(
                                        ("confirmed_at__isnull", True),
                                        ("confirmed_by__isnull", True),
                                        ("proposed_by__isnull", False),
                                    ),
                                    models.Q(
                                        ("confirmed_at__isnull", False),
                                        ("confirmed_by__isnull", False),
                                        ("proposed_by__isnull", False),
                                        models.Q(("proposed_by", models.F("confirmed_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="contactrule_signed_by_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("effective_to__isnull", True),
                                    ("effective_to__gte", models.F("effective_from")),
                                    _connector="OR",
                                ),
                                name="contactrule_days_in_order",
                            ),
                            models.UniqueConstraint(
                                fields=("purpose", "kind", "window", "unit", "effective_from"), name="contact_rule_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("window__gte", 1)), name="contact_rule_has_days"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="frozen_once_confirmed_at",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."confirmed_at" IS NOT NULL)',
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="0abeaeacb057ca3c73816eacb3f97a42abbba5a9",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_frozen_once_confirmed_at_07be2",
                                    table="strategies_contactrule",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "strategies_contactrulehistory" ("confirmed_at", "confirmed_by_id", "effective_from", "effective_to", "id", "kind", "most", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "purpose", "unit", "window") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."effective_from", NEW."effective_to", NEW."id", NEW."kind", NEW."most", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_by_id", NEW."purpose", NEW."unit", NEW."window"); RETURN NULL;',
                                    hash="a48190522075c8899c92bd0b71d6dcd2e8f2c2d0",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_b9e23",
                                    table="strategies_contactrule",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "strategies_contactrulehistory" ("confirmed_at", "confirmed_by_id", "effective_from", "effective_to", "id", "kind", "most", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "purpose", "unit", "window") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."effective_from", NEW."effective_to", NEW."id", NEW."kind", NEW."most", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_by_id", NEW."purpose", NEW."unit", NEW."window"); RETURN NULL;',
                                    hash="ea9991b75e1364f616f217afda394f42c4b432e6",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_05eee",
                                    table="strategies_contactrule",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "strategies_contactrulehistory" ("confirmed_at", "confirmed_by_id", "effective_from", "effective_to", "id", "kind", "most", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "purpose", "unit", "window") VALUES (OLD."confirmed_at", OLD."confirmed_by_id", OLD."effective_from", OLD."effective_to", OLD."id", OLD."kind", OLD."most", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_by_id", OLD."purpose", OLD."unit", OLD."window"); RETURN NULL;',
                                    hash="8e2e73622d7bc81cf7bde32fcab634a72bceb0cf",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_74344",
                                    table="strategies_contactrule",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContactRuleHistory",
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
                                to="strategies.contactrule",
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
                        ("effective_from", models.DateField(verbose_name="from")),
                        ("effective_to", models.DateField(blank=True, null=True, verbose_name="to")),
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
                        ("confirmed_at", models.DateTimeField(editable=False, null=True, verbose_name="confirmed")),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("regulatory", "Regulatory"),
                                    ("risk", "Risk"),
                                    ("service", "Service"),
                                    ("marketing", "Marketing"),
                                ],
                                max_length=12,
                                verbose_name="purpose",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("push", "Message"), ("call", "Call"), ("human", "Contact by a person")],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "window",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)], verbose_name="window"
                            ),
                        ),
                        (
                            "unit",
                            models.CharField(
                                choices=[("day", "days"), ("td", "trading days")], max_length=3, verbose_name="unit"
                            ),
                        ),
                        ("most", models.PositiveSmallIntegerField(verbose_name="at most")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="1f13b9764a25e0276c522b3d11595f788c948fcc",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_9a39b",
                                    table="strategies_contactrulehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CapacityBudget",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField(verbose_name="day")),
                        ("pool", models.CharField(max_length=60, verbose_name="pool")),
                        ("capacity", models.PositiveIntegerField(verbose_name="tasks")),
                        (
                            "fixed",
                            models.BooleanField(
                                default=False, help_text="The night leaves it as it is.", verbose_name="set by hand"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "capacity",
                        "constraints": [models.UniqueConstraint(fields=("day", "pool"), name="capacity_once")],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "strategies_capacitybudgethistory" ("capacity", "day", "fixed", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool") VALUES (NEW."capacity", NEW."day", NEW."fixed", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pool"); RETURN NULL;',
                                    hash="b8b5892dd6059bfc8589a67438bcf8b182264ab1",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_da66c",
                                    table="strategies_capacitybudget",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "strategies_capacitybudgethistory" ("capacity", "day", "fixed", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool") VALUES (NEW."capacity", NEW."day", NEW."fixed", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pool"); RETURN NULL;',
                                    hash="23d3b3a075a369dc94fea0152821d153011ba63a",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_05301",
                                    table="strategies_capacitybudget",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "strategies_capacitybudgethistory" ("capacity", "day", "fixed", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool") VALUES (OLD."capacity", OLD."day", OLD."fixed", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pool"); RETURN NULL;',
                                    hash="37331727d55e475e4372baba67e2059fec9b798e",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_9c357",
                                    table="strategies_capacitybudget",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CapacityBudgetHistory",
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
                                to="strategies.capacitybudget",
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
                        ("day", models.DateField(verbose_name="day")),
                        ("pool", models.CharField(max_length=60, verbose_name="pool")),
                        ("capacity", models.PositiveIntegerField(verbose_name="tasks")),
                        (
                            "fixed",
                            models.BooleanField(
                                default=False, help_text="The night leaves it as it is.", verbose_name="set by hand"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="41ab7ab5d51c01afcb8a543a28073d06d127190a",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_05583",
                                    table="strategies_capacitybudgethistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeliveryOption",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=10)),
                        ("code", models.CharField(max_length=40)),
                        ("version", models.PositiveIntegerField()),
                        ("active", models.BooleanField(default=True)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("kind", "code"), name="delivery_option_once")],
                    },
                ),
                migrations.CreateModel(
                    name="FamilyCap",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("effective_from", models.DateField(verbose_name="from")),
                        ("effective_to", models.DateField(blank=True, null=True, verbose_name="to")),
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
                        ("confirmed_at", models.DateTimeField(editable=False, null=True, verbose_name="confirmed")),
                        ("family", models.CharField(blank=True, max_length=30, verbose_name="family")),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("regulatory", "Regulatory"),
                                    ("risk", "Risk"),
                                    ("service", "Service"),
                                    ("marketing", "Marketing"),
                                ],
                                max_length=12,
                                verbose_name="purpose",
                            ),
                        ),
                        (
                            "window",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="window in trading days",
                            ),
                        ),
                        ("most", models.PositiveSmallIntegerField(verbose_name="at most")),
                    ],
                    options={
                        "verbose_name": "cap of a family",
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("confirmed_by__isnull", True), ("proposed_by__isnull", True)),
                                    models.Q(
                                        ("confirmed_at__isnull", True),
                                        ("confirmed_by__isnull", True),
                                        ("proposed_by__isnull", False),
                                    ),
                                    models.Q(
                                        ("confirmed_at__isnull", False),
                                        ("confirmed_by__isnull", False),
                                        ("proposed_by__isnull", False),
                                        models.Q(("proposed_by", models.F("confirmed_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="familycap_signed_by_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("effective_to__isnull", True),
                                    ("effective_to__gte", models.F("effective_from")),
                                    _connector="OR",
                                ),
                                name="familycap_days_in_order",
                            ),
                            models.UniqueConstraint(
                                fields=("family", "purpose", "window", "effective_from"), name="family_cap_once"
                            ),
                            models.CheckConstraint(condition=models.Q(("window__gte", 1)), name="family_cap_has_days"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="frozen_once_confirmed_at",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."confirmed_at" IS NOT NULL)',
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="30b7ae2d6458ac331e4f21fa742f01136189fffe",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_frozen_once_confirmed_at_3180e",
                                    table="strategies_familycap",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "strategies_familycaphistory" ("confirmed_at", "confirmed_by_id", "effective_from", "effective_to", "family", "id", "most", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "purpose", "window") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."effective_from", NEW."effective_to", NEW."family", NEW."id", NEW."most", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_by_id", NEW."purpose", NEW."window"); RETURN NULL;',
                                    hash="84970745fb521213cc0482c90653c5ed435d9f5b",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_81397",
                                    table="strategies_familycap",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "strategies_familycaphistory" ("confirmed_at", "confirmed_by_id", "effective_from", "effective_to", "family", "id", "most", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "purpose", "window") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."effective_from", NEW."effective_to", NEW."family", NEW."id", NEW."most", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_by_id", NEW."purpose", NEW."window"); RETURN NULL;',
                                    hash="e69a3916c90cad41aa0ee8eee046137276b1ecbf",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_47354",
                                    table="strategies_familycap",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "strategies_familycaphistory" ("confirmed_at", "confirmed_by_id", "effective_from", "effective_to", "family", "id", "most", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "purpose", "window") VALUES (OLD."confirmed_at", OLD."confirmed_by_id", OLD."effective_from", OLD."effective_to", OLD."family", OLD."id", OLD."most", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_by_id", OLD."purpose", OLD."window"); RETURN NULL;',
                                    hash="7c46e9e71e5fc34240cb3668c52c8971ca62c0d7",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_b38b0",
                                    table="strategies_familycap",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FamilyCapHistory",
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
                                to="strategies.familycap",
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
                        ("effective_from", models.DateField(verbose_name="from")),
                        ("effective_to", models.DateField(blank=True, null=True, verbose_name="to")),
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
                        ("confirmed_at", models.DateTimeField(editable=False, null=True, verbose_name="confirmed")),
                        ("family", models.CharField(blank=True, max_length=30, verbose_name="family")),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("regulatory", "Regulatory"),
                                    ("risk", "Risk"),
                                    ("service", "Service"),
                                    ("marketing", "Marketing"),
                                ],
                                max_length=12,
                                verbose_name="purpose",
                            ),
                        ),
                        (
                            "window",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="window in trading days",
                            ),
                        ),
                        ("most", models.PositiveSmallIntegerField(verbose_name="at most")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="b9cabd8d38118d81e80c66d13b596ebe188232b6",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_a5333",
                                    table="strategies_familycaphistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Suppression",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("effective_from", models.DateField(verbose_name="from")),
                        ("effective_to", models.DateField(blank=True, null=True, verbose_name="to")),
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
                        ("confirmed_at", models.DateTimeField(editable=False, null=True, verbose_name="confirmed")),
                        ("response", models.CharField(max_length=30, verbose_name="answer")),
                        ("count", models.PositiveSmallIntegerField(default=1, verbose_name="times")),
                        (
                            "window",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="within trading days",
                            ),
                        ),
                        (
                            "scope",
                            models.CharField(
                                choices=[
                                    ("strategy", "the strategy"),
                                    ("family", "the family"),
                                    ("all", "all service and marketing"),
                                ],
                                max_length=10,
                                verbose_name="silences",
                            ),
                        ),
                        (
                            "duration",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="for trading days",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "suppression",
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("confirmed_by__isnull", True), ("proposed_by__isnull", True)),
                                    models.Q(
                                        ("confirmed_at__isnull", True),
                                        ("confirmed_by__isnull", True),
                                        ("proposed_by__isnull", False),
                                    ),
                                    models.Q(
                                        ("confirmed_at__isnull", False),
                                        ("confirmed_by__isnull", False),
                                        ("proposed_by__isnull", False),
                                        models.Q(("proposed_by", models.F("confirmed_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="suppression_signed_by_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("effective_to__isnull", True),
                                    ("effective_to__gte", models.F("effective_from")),
                                    _connector="OR",
                                ),
                                name="suppression_days_in_order",
                            ),
                            models.UniqueConstraint(
                                fields=("response", "count", "scope", "effective_from"), name="suppression_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("count__gte", 1), ("duration__gte", 1), ("window__gte", 1)),
                                name="suppression_has_days",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="frozen_once_confirmed_at",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."confirmed_at" IS NOT NULL)',
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="754a5c29de3e2b6d4dcb3c46c43c947e722d8c88",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_frozen_once_confirmed_at_3304f",
                                    table="strategies_suppression",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "strategies_suppressionhistory" ("confirmed_at", "confirmed_by_id", "count", "duration", "effective_from", "effective_to", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "response", "scope", "window") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."count", NEW."duration", NEW."effective_from", NEW."effective_to", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_by_id", NEW."response", NEW."scope", NEW."window"); RETURN NULL;',
                                    hash="ae9bef3b56af69c356955b26e08c1256c2bf8062",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_1b901",
                                    table="strategies_suppression",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "strategies_suppressionhistory" ("confirmed_at", "confirmed_by_id", "count", "duration", "effective_from", "effective_to", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "response", "scope", "window") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."count", NEW."duration", NEW."effective_from", NEW."effective_to", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_by_id", NEW."response", NEW."scope", NEW."window"); RETURN NULL;',
                                    hash="112c4f2387ef0e6ccc9d9d79d052c0d4086da468",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_ee280",
                                    table="strategies_suppression",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "strategies_suppressionhistory" ("confirmed_at", "confirmed_by_id", "count", "duration", "effective_from", "effective_to", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "response", "scope", "window") VALUES (OLD."confirmed_at", OLD."confirmed_by_id", OLD."count", OLD."duration", OLD."effective_from", OLD."effective_to", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_by_id", OLD."response", OLD."scope", OLD."window"); RETURN NULL;',
                                    hash="30c695364546b8de29c921e65bc26c2ed106f477",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_bebec",
                                    table="strategies_suppression",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuppressionHistory",
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
                                to="strategies.suppression",
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
                        ("effective_from", models.DateField(verbose_name="from")),
                        ("effective_to", models.DateField(blank=True, null=True, verbose_name="to")),
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
                        ("confirmed_at", models.DateTimeField(editable=False, null=True, verbose_name="confirmed")),
                        ("response", models.CharField(max_length=30, verbose_name="answer")),
                        ("count", models.PositiveSmallIntegerField(default=1, verbose_name="times")),
                        (
                            "window",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="within trading days",
                            ),
                        ),
                        (
                            "scope",
                            models.CharField(
                                choices=[
                                    ("strategy", "the strategy"),
                                    ("family", "the family"),
                                    ("all", "all service and marketing"),
                                ],
                                max_length=10,
                                verbose_name="silences",
                            ),
                        ),
                        (
                            "duration",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="for trading days",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="7ca76f460ce5843557ce05c04bb5e8a20d45a05c",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_2cbde",
                                    table="strategies_suppressionhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UniversalDraw",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("from_day", models.DateField(unique=True, verbose_name="from")),
                        ("to_day", models.DateField(verbose_name="to")),
                        ("pct", models.DecimalField(decimal_places=2, max_digits=4, verbose_name="held out, percent")),
                        ("salt", models.CharField(editable=False, max_length=32)),
                        (
                            "drawn_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "universal hold-out",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("to_day__gt", models.F("from_day"))), name="draw_has_days"
                            ),
                            models.CheckConstraint(condition=models.Q(("pct__range", (0, 3))), name="draw_is_small"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="0c886acf21d640b858061d4d67898d1e3acf3f9e",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_b9e6c",
                                    table="strategies_universaldraw",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UniversalHoldout",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "draw",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="strategies.universaldraw",
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.client"
                            ),
                        ),
                        ("bucket", models.PositiveSmallIntegerField()),
                        ("held", models.BooleanField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("draw", "client"), name="universally_drawn_once")
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="f3134b569b7db885efedbeb4c889842de85d1a7b",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_4c4fa",
                                    table="strategies_universalholdout",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Segment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("condition", models.TextField(verbose_name="condition")),
                        (
                            "branch",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="org.branch",
                                verbose_name="branch",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="created")),
                    ],
                    options={
                        "verbose_name": "segment",
                        "verbose_name_plural": "segments",
                        "ordering": ("name", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("branch", "name"), name="segment_named_once", nulls_distinct=False
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "strategies_segmenthistory" ("branch_id", "condition", "created_at", "id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."branch_id", NEW."condition", NEW."created_at", NEW."id", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                                    hash="4234f67238d2407a373b1f38d2152a3d18efcc9b",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_9900d",
                                    table="strategies_segment",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "strategies_segmenthistory" ("branch_id", "condition", "created_at", "id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."branch_id", NEW."condition", NEW."created_at", NEW."id", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                                    hash="9eede16b16a2e2f133588d546817da7a49914807",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_2dd2b",
                                    table="strategies_segment",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "strategies_segmenthistory" ("branch_id", "condition", "created_at", "id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."branch_id", OLD."condition", OLD."created_at", OLD."id", OLD."name", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                                    hash="8df62c4d55c5bd75de36a88ebb73d85c425dc5d8",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_049ae",
                                    table="strategies_segment",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SegmentHistory",
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
                                to="strategies.segment",
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
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("condition", models.TextField(verbose_name="condition")),
                        (
                            "branch",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="org.branch",
                                verbose_name="branch",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="created")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="6f315430c162d08d26f6a1c97f8928187c3e350e",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_e1fb8",
                                    table="strategies_segmenthistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SegmentExport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "segment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exports",
                                to="strategies.segment",
                                verbose_name="segment",
                            ),
                        ),
                        ("condition", models.TextField(verbose_name="condition")),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="org.branch",
                                verbose_name="branch",
                            ),
                        ),
                        ("reason", models.CharField(max_length=200, verbose_name="what it is for")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("asked", "waits for a second person"),
                                    ("refused", "refused"),
                                    ("approved", "being made"),
                                    ("made", "ready"),
                                    ("gone", "deleted after its time"),
                                ],
                                default="asked",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked by",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                        ("made_at", models.DateTimeField(null=True, verbose_name="made")),
                        ("day", models.DateField(null=True, verbose_name="data of")),
                        ("clients", models.PositiveIntegerField(null=True, verbose_name="clients")),
                        ("content", models.TextField(blank=True, editable=False, verbose_name="content")),
                    ],
                    options={
                        "verbose_name": "list of a segment",
                        "verbose_name_plural": "lists of segments",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_by__isnull", True), ("state", "asked")),
                                    models.Q(
                                        models.Q(("state", "asked"), _negated=True),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="segment_export_decided",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by__isnull", True),
                                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="segment_export_by_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state", "made"), ("content", ""), _connector="OR"),
                                name="segment_export_content",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SegmentDownload",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "export",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="downloads",
                                to="strategies.segmentexport",
                                verbose_name="list of a segment",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                    ],
                    options={
                        "verbose_name": "download of a list",
                        "verbose_name_plural": "downloads of lists",
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="2b870d9457f09111921c93992e7e26fd0916c2d1",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_b6e05",
                                    table="strategies_segmentdownload",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceStop",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "scope",
                            models.CharField(
                                choices=[
                                    ("company", "the whole company"),
                                    ("branch", "a branch and those below it"),
                                    ("product", "a product"),
                                    ("security", "a security"),
                                ],
                                max_length=10,
                                verbose_name="scope",
                            ),
                        ),
                        (
                            "branch",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="org.branch",
                                verbose_name="branch",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                blank=True,
                                help_text="As 600519.SH; a product as TA.code.",
                                max_length=40,
                                verbose_name="product or security",
                            ),
                        ),
                        (
                            "purposes",
                            models.CharField(
                                choices=[("marketing", "Marketing"), ("both", "Marketing and service")],
                                default="marketing",
                                max_length=10,
                                verbose_name="what is stopped",
                            ),
                        ),
                        ("from_at", models.DateTimeField(verbose_name="from")),
                        ("until", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                        ("reason", models.CharField(max_length=500, verbose_name="reason")),
                        (
                            "set_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="set by",
                            ),
                        ),
                        ("set_at", models.DateTimeField(verbose_name="set")),
                    ],
                    options={
                        "verbose_name": "stop of service",
                        "verbose_name_plural": "stops of service",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("branch__isnull", True), ("code", ""), ("scope", "company")),
                                    models.Q(("branch__isnull", False), ("code", ""), ("scope", "branch")),
                                    models.Q(
                                        ("branch__isnull", True),
                                        ("scope__in", ["product", "security"]),
                                        models.Q(("code", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="stop_names_its_scope",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="stop_says_why"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="27dbd2944ad7fbfdceaee6707934564009c6ea40",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_90986",
                                    table="strategies_servicestop",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StopLift",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "stop",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lift",
                                to="strategies.servicestop",
                                verbose_name="stop of service",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="lifted by",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="lifted")),
                        ("reason", models.CharField(max_length=500, verbose_name="reason")),
                    ],
                    options={
                        "verbose_name": "end of a stop",
                        "verbose_name_plural": "ends of stops",
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="9daa9b27f86f38577c40db9beeaf9e29ea42d0bf",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_771d7",
                                    table="strategies_stoplift",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Strategy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                        ("name_zh", models.CharField(max_length=60, verbose_name="Chinese name")),
                        ("name_en", models.CharField(max_length=120, verbose_name="English name")),
                        (
                            "lifecycle",
                            models.CharField(
                                choices=[
                                    ("acquisition", "Acquisition"),
                                    ("growth", "Growth"),
                                    ("maturity", "Maturity"),
                                    ("retention", "Retention"),
                                ],
                                max_length=12,
                                verbose_name="lifecycle",
                            ),
                        ),
                        (
                            "business",
                            models.CharField(
                                choices=[
                                    ("trading", "Trading"),
                                    ("news", "News"),
                                    ("product", "Products"),
                                    ("margin", "Margin trading"),
                                    ("account", "Accounts"),
                                    ("compliance", "Compliance"),
                                ],
                                max_length=12,
                                verbose_name="business line",
                            ),
                        ),
                        ("family", models.CharField(max_length=30, verbose_name="family")),
                        ("rationale", models.TextField(blank=True, verbose_name="why")),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("library", "Library"),
                                    ("template", "Template"),
                                    ("case", "Success case"),
                                    ("proposal", "Proposal"),
                                ],
                                default="library",
                                max_length=10,
                                verbose_name="origin",
                            ),
                        ),
                        ("owner", models.CharField(blank=True, max_length=60, verbose_name="owner")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("in_review", "In review"),
                                    ("approved", "Approved"),
                                    ("pilot", "Pilot"),
                                    ("rolling", "Rolling out"),
                                    ("live", "Live"),
                                    ("paused", "Paused"),
                                    ("retired", "Retired"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "live_version",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="strategies.strategyversion",
                                verbose_name="live version",
                            ),
                        ),
                        (
                            "pilot_version",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="strategies.strategyversion",
                                verbose_name="version in pilot or rolling out",
                            ),
                        ),
                        (
                            "steward_branch",
                            models.ForeignKey(
                                blank=True,
                                help_text="Empty: of the company. Else it runs in this branch and those below it, and nowhere else.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="org.branch",
                                verbose_name="branch whose strategy it is",
                            ),
                        ),
                        (
                            "salt",
                            models.CharField(
                                default=kpm.strategies.models.strategy.new_salt, editable=False, max_length=32
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "verbose_name": "strategy",
                        "verbose_name_plural": "strategies",
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="salt_is_set_once",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."salt" IS DISTINCT FROM (NEW."salt"))',
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="613feb7ba5c872415370ed3f83d51e2ed8b808aa",
                                    operation="UPDATE",
                                    pgid="pgtrigger_salt_is_set_once_f31ac",
                                    table="strategies_strategy",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="runs_what_is_submitted",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="\nIF EXISTS (\n    SELECT FROM unnest(ARRAY[NEW.live_version_id, NEW.pilot_version_id]) AS named(id)\n    WHERE named.id IS NOT NULL AND NOT EXISTS (\n        SELECT FROM strategies_strategyversion v\n        WHERE v.id = named.id AND v.strategy_id = NEW.id AND v.submitted_at IS NOT NULL))\nTHEN RAISE EXCEPTION 'A strategy runs submitted versions of its own only (strategy %).', NEW.code; END IF;\nRETURN NEW;\n",
                                    hash="c7e86c1d66a38c5a241b2d76038d3e099e29e30e",
                                    operation='INSERT OR UPDATE OF "live_version_id", "pilot_version_id"',
                                    pgid="pgtrigger_runs_what_is_submitted_5543a",
                                    table="strategies_strategy",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "strategies_strategyhistory" ("business", "code", "created_at", "family", "id", "lifecycle", "live_version_id", "name_en", "name_zh", "origin", "owner", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pilot_version_id", "rationale", "salt", "status", "steward_branch_id") VALUES (NEW."business", NEW."code", NEW."created_at", NEW."family", NEW."id", NEW."lifecycle", NEW."live_version_id", NEW."name_en", NEW."name_zh", NEW."origin", NEW."owner", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pilot_version_id", NEW."rationale", NEW."salt", NEW."status", NEW."steward_branch_id"); RETURN NULL;',
                                    hash="0bea871aaec67cfab094adb94d11407acb509dc1",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_309dc",
                                    table="strategies_strategy",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "strategies_strategyhistory" ("business", "code", "created_at", "family", "id", "lifecycle", "live_version_id", "name_en", "name_zh", "origin", "owner", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pilot_version_id", "rationale", "salt", "status", "steward_branch_id") VALUES (NEW."business", NEW."code", NEW."created_at", NEW."family", NEW."id", NEW."lifecycle", NEW."live_version_id", NEW."name_en", NEW."name_zh", NEW."origin", NEW."owner", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pilot_version_id", NEW."rationale", NEW."salt", NEW."status", NEW."steward_branch_id"); RETURN NULL;',
                                    hash="3ae69e20c5589d1835731d1ef0353a0545f4e5fd",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_f16a8",
                                    table="strategies_strategy",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "strategies_strategyhistory" ("business", "code", "created_at", "family", "id", "lifecycle", "live_version_id", "name_en", "name_zh", "origin", "owner", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pilot_version_id", "rationale", "salt", "status", "steward_branch_id") VALUES (OLD."business", OLD."code", OLD."created_at", OLD."family", OLD."id", OLD."lifecycle", OLD."live_version_id", OLD."name_en", OLD."name_zh", OLD."origin", OLD."owner", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pilot_version_id", OLD."rationale", OLD."salt", OLD."status", OLD."steward_branch_id"); RETURN NULL;',
                                    hash="9886cde0f8caeb6870865d1a332fbdb56a8aeddf",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_789bd",
                                    table="strategies_strategy",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StrategyVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "strategy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="strategies.strategy",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="number")),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="strategies.strategyversion",
                            ),
                        ),
                        ("change_note", models.CharField(blank=True, max_length=300, verbose_name="what changed")),
                        (
                            "author",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("submitted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("regulatory", "Regulatory"),
                                    ("risk", "Risk"),
                                    ("service", "Service"),
                                    ("marketing", "Marketing"),
                                ],
                                max_length=12,
                                verbose_name="purpose",
                            ),
                        ),
                        ("population", models.TextField(default="TRUE", verbose_name="who is meant at all")),
                        ("condition", models.TextField(verbose_name="condition")),
                        ("normalised", models.TextField(blank=True, editable=False)),
                        ("condition_hash", models.CharField(blank=True, editable=False, max_length=16)),
                        ("leaves", models.JSONField(default=list, editable=False)),
                        ("features", models.JSONField(default=list, editable=False)),
                        (
                            "shown",
                            models.JSONField(default=list, editable=False, help_text="Features that the texts name"),
                        ),
                        ("catalogue_version", models.CharField(blank=True, editable=False, max_length=64)),
                        ("goal", models.TextField(blank=True, verbose_name="goal")),
                        (
                            "goal_window",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="goal within days"),
                        ),
                        ("goal_judged", models.CharField(blank=True, max_length=10, verbose_name="judged")),
                        (
                            "goal_reason",
                            models.CharField(blank=True, max_length=200, verbose_name="why it has no goal"),
                        ),
                        ("process_outcome", models.TextField(blank=True, verbose_name="outcome of the treated")),
                        (
                            "schedule",
                            models.CharField(default="after_settlement", max_length=20, verbose_name="schedule"),
                        ),
                        (
                            "occurrence",
                            models.CharField(default="client", max_length=20, verbose_name="happens once per"),
                        ),
                        (
                            "occurrence_from",
                            models.CharField(blank=True, max_length=60, verbose_name="object taken from feature"),
                        ),
                        ("cooldown_n", models.PositiveSmallIntegerField(default=0, verbose_name="cool-down")),
                        (
                            "cooldown_unit",
                            models.CharField(
                                choices=[("td", "trading days"), ("day", "days")],
                                default="day",
                                max_length=3,
                                verbose_name="cool-down unit",
                            ),
                        ),
                        (
                            "action",
                            models.CharField(
                                choices=[
                                    ("push", "Message"),
                                    ("reminder", "Reminder to the manager"),
                                    ("task", "Task"),
                                    ("push_then_task", "Message, then task"),
                                    ("task_then_push", "Task, then message"),
                                ],
                                max_length=16,
                                verbose_name="action",
                            ),
                        ),
                        (
                            "handler",
                            models.CharField(
                                choices=[
                                    ("system", "System"),
                                    ("client_manager", "Client manager"),
                                    ("call_centre", "Call centre"),
                                    ("adviser", "Adviser"),
                                ],
                                max_length=16,
                                verbose_name="handled by",
                            ),
                        ),
                        ("channels", models.JSONField(default=list, verbose_name="channels")),
                        ("template_code", models.CharField(blank=True, max_length=40, verbose_name="message template")),
                        ("playbook_code", models.CharField(blank=True, max_length=40, verbose_name="playbook")),
                        (
                            "product_level_from",
                            models.CharField(blank=True, max_length=60, verbose_name="product level from feature"),
                        ),
                        (
                            "product_level",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="product level"),
                        ),
                        (
                            "permission_code",
                            models.CharField(blank=True, max_length=20, verbose_name="permission that is offered"),
                        ),
                        ("suitability_gate", models.BooleanField(default=False, verbose_name="names a product")),
                        (
                            "sla_hours",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="due within hours"),
                        ),
                        (
                            "sla_clock",
                            models.CharField(
                                choices=[("service", "Service hours"), ("clock", "Hours of the clock")],
                                default="service",
                                max_length=8,
                                verbose_name="hours are counted in",
                            ),
                        ),
                        (
                            "task_after_hours",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="task after hours"),
                        ),
                        ("priority", models.PositiveSmallIntegerField(default=3, verbose_name="priority")),
                        (
                            "value",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=10,
                                null=True,
                                verbose_name="value of the goal, CNY",
                            ),
                        ),
                        (
                            "lever",
                            models.DecimalField(
                                decimal_places=2, default=1, max_digits=3, verbose_name="business lever"
                            ),
                        ),
                        (
                            "contact_cost",
                            models.DecimalField(
                                decimal_places=2, default=0, max_digits=8, verbose_name="cost of a contact, CNY"
                            ),
                        ),
                        (
                            "holdout_pct",
                            models.DecimalField(
                                decimal_places=2, default=0, max_digits=5, verbose_name="held out, percent"
                            ),
                        ),
                        (
                            "holdout_reason",
                            models.CharField(blank=True, max_length=200, verbose_name="why nobody is held out"),
                        ),
                        (
                            "valid_days",
                            models.PositiveSmallIntegerField(default=5, verbose_name="valid for trading days"),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                        (
                            "emergency",
                            models.BooleanField(
                                default=False,
                                help_text="Once approved it may go live everywhere at once, without a pilot.",
                                verbose_name="emergency",
                            ),
                        ),
                        (
                            "expected",
                            models.JSONField(
                                default=dict, editable=False, verbose_name="expected when it was submitted"
                            ),
                        ),
                        (
                            "breaker",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="Own figures in place of those of the house.",
                                verbose_name="limits of the breaker",
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "verbose_name": "strategy version",
                        "verbose_name_plural": "strategy versions",
                        "constraints": [
                            models.UniqueConstraint(fields=("strategy", "number"), name="strategy_version_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("holdout_pct", 0),
                                    models.Q(("purpose__in", ["risk", "regulatory"]), _negated=True),
                                    _connector="OR",
                                ),
                                name="nobody_held_out_of_risk_and_regulatory",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("holdout_pct__range", (0, 50))), name="holdout_share"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("product_level__range", (1, 5))), name="product_level_r1_to_r5"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("submitted_at__isnull", True),
                                    ("suitability_gate", False),
                                    models.Q(
                                        models.Q(("product_level_from", ""), _negated=True),
                                        ("permission_code", ""),
                                        ("product_level__isnull", True),
                                    ),
                                    models.Q(
                                        ("permission_code", ""),
                                        ("product_level__isnull", False),
                                        ("product_level_from", ""),
                                    ),
                                    models.Q(
                                        ("product_level__isnull", True),
                                        ("product_level_from", ""),
                                        models.Q(("permission_code", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="offer_has_one_level",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("submitted_at__isnull", True),
                                    ("suitability_gate", True),
                                    models.Q(
                                        ("permission_code", ""),
                                        ("product_level__isnull", True),
                                        ("product_level_from", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="offer_passes_suitability",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("lever__range", ("0.5", "2"))), name="lever_is_small"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="submitted_is_immutable",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."submitted_at" IS NOT NULL)',
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="0210bdd9958c06bed1a8dd145e817913bf4900a2",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_submitted_is_immutable_9b019",
                                    table="strategies_strategyversion",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StrategyHistory",
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
                                to="strategies.strategy",
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
                        ("code", models.CharField(max_length=20, verbose_name="code")),
                        ("name_zh", models.CharField(max_length=60, verbose_name="Chinese name")),
                        ("name_en", models.CharField(max_length=120, verbose_name="English name")),
                        (
                            "lifecycle",
                            models.CharField(
                                choices=[
                                    ("acquisition", "Acquisition"),
                                    ("growth", "Growth"),
                                    ("maturity", "Maturity"),
                                    ("retention", "Retention"),
                                ],
                                max_length=12,
                                verbose_name="lifecycle",
                            ),
                        ),
                        (
                            "business",
                            models.CharField(
                                choices=[
                                    ("trading", "Trading"),
                                    ("news", "News"),
                                    ("product", "Products"),
                                    ("margin", "Margin trading"),
                                    ("account", "Accounts"),
                                    ("compliance", "Compliance"),
                                ],
                                max_length=12,
                                verbose_name="business line",
                            ),
                        ),
                        ("family", models.CharField(max_length=30, verbose_name="family")),
                        ("rationale", models.TextField(blank=True, verbose_name="why")),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("library", "Library"),
                                    ("template", "Template"),
                                    ("case", "Success case"),
                                    ("proposal", "Proposal"),
                                ],
                                default="library",
                                max_length=10,
                                verbose_name="origin",
                            ),
                        ),
                        ("owner", models.CharField(blank=True, max_length=60, verbose_name="owner")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("in_review", "In review"),
                                    ("approved", "Approved"),
                                    ("pilot", "Pilot"),
                                    ("rolling", "Rolling out"),
                                    ("live", "Live"),
                                    ("paused", "Paused"),
                                    ("retired", "Retired"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "live_version",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="strategies.strategyversion",
                                verbose_name="live version",
                            ),
                        ),
                        (
                            "pilot_version",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="strategies.strategyversion",
                                verbose_name="version in pilot or rolling out",
                            ),
                        ),
                        (
                            "steward_branch",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                help_text="Empty: of the company. Else it runs in this branch and those below it, and nowhere else.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="org.branch",
                                verbose_name="branch whose strategy it is",
                            ),
                        ),
                        (
                            "salt",
                            models.CharField(
                                default=kpm.strategies.models.strategy.new_salt, editable=False, max_length=32
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="e6463dd8d2d371ed8c1f81f04221e315ed539850",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_bad13",
                                    table="strategies_strategyhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Funnel",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="funnel", to="strategies.run"
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="strategies.strategyversion",
                            ),
                        ),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.branch"
                            ),
                        ),
                        ("step", models.PositiveSmallIntegerField()),
                        (
                            "reason",
                            models.CharField(
                                blank=True, help_text="Empty: reached; else why they stopped here", max_length=30
                            ),
                        ),
                        ("n", models.BigIntegerField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("reason", "waiting"), ("step", 10)),
                                fields=["run"],
                                name="funnel_waiting",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "version", "branch", "step", "reason"), name="funnel_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Approval",
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
                                related_name="approvals",
                                to="strategies.strategyversion",
                                verbose_name="version",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("business", "Business"),
                                    ("compliance", "Compliance"),
                                    ("service", "HQ service operations"),
                                ],
                                max_length=12,
                                verbose_name="as",
                            ),
                        ),
                        (
                            "decision",
                            models.CharField(
                                choices=[("approve", "Approved"), ("reject", "Sent back")],
                                max_length=8,
                                verbose_name="decision",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                        ("comment", models.CharField(blank=True, max_length=500, verbose_name="comment")),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("regulatory", "Regulatory"),
                                    ("risk", "Risk"),
                                    ("service", "Service"),
                                    ("marketing", "Marketing"),
                                ],
                                max_length=12,
                                verbose_name="purpose",
                            ),
                        ),
                        ("matched", models.PositiveIntegerField(null=True, verbose_name="clients expected")),
                    ],
                    options={
                        "verbose_name": "approval",
                        "verbose_name_plural": "approvals",
                        "constraints": [
                            models.UniqueConstraint(fields=("version", "by"), name="approval_once_a_person"),
                            models.UniqueConstraint(fields=("version", "role"), name="approval_once_a_role"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decision", "approve"), models.Q(("comment", ""), _negated=True), _connector="OR"
                                ),
                                name="rejection_says_why",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="ea527969790c538fabb0a19e3f613d232ec8e459",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_961d2",
                                    table="strategies_approval",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Signature",
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
                                related_name="signatures",
                                to="strategies.strategyversion",
                                verbose_name="version",
                            ),
                        ),
                        ("matched", models.PositiveIntegerField(verbose_name="clients expected")),
                        ("low", models.PositiveIntegerField(verbose_name="at least")),
                        ("high", models.PositiveIntegerField(verbose_name="at most")),
                        (
                            "branches",
                            models.JSONField(default=dict, editable=False, verbose_name="clients expected by branch"),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="strategies.run",
                                verbose_name="run",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                        ("comment", models.CharField(blank=True, max_length=500, verbose_name="comment")),
                    ],
                    options={
                        "verbose_name": "signed number",
                        "verbose_name_plural": "signed numbers",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("high__gte", models.F("matched")), ("low__lte", models.F("matched"))
                                ),
                                name="band_holds_number",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="18b0088d3d86a7bb55adb3c6f813694e760800ed",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_1cd82",
                                    table="strategies_signature",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BackTest",
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
                                related_name="backtests",
                                to="strategies.strategyversion",
                                verbose_name="version",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked by",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked at")),
                        ("from_day", models.DateField(verbose_name="from")),
                        ("to_day", models.DateField(verbose_name="to")),
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
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("step", models.CharField(blank=True, max_length=12, verbose_name="what is being done")),
                        ("said", models.JSONField(default=dict, verbose_name="as the version was")),
                        ("made_at", models.DateTimeField(null=True, verbose_name="made at")),
                        ("input_hash", models.CharField(blank=True, max_length=64, verbose_name="hash of the input")),
                        ("result", models.JSONField(null=True, verbose_name="result")),
                        ("sample", models.JSONField(default=list, verbose_name="sample")),
                        ("goal", models.JSONField(null=True, verbose_name="goal afterwards")),
                        ("error", models.TextField(blank=True, verbose_name="error")),
                    ],
                    options={
                        "verbose_name": "back-test",
                        "verbose_name_plural": "back-tests",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("from_day__lte", models.F("to_day"))), name="backtest_has_days"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VersionEvent",
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
                                related_name="events",
                                to="strategies.strategyversion",
                                verbose_name="version",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("drafted", "Drafted"),
                                    ("edited", "Edited"),
                                    ("submitted", "Submitted"),
                                    ("approved", "Approved"),
                                    ("rejected", "Sent back"),
                                    ("piloted", "Pilot begun"),
                                    ("stepped", "Rolled on"),
                                    ("launched", "Launched"),
                                    ("withdrawn", "Taken back"),
                                    ("rolled_back", "Rolled back to"),
                                    ("signed", "New number signed"),
                                    ("released", "Released by a person"),
                                    ("retired", "Retired"),
                                    ("paused", "Paused"),
                                    ("resumed", "Resumed"),
                                ],
                                max_length=12,
                                verbose_name="what was done",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                help_text="Nobody: the night, by the rules of the rollout.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                    ],
                    options={
                        "verbose_name": "event of a version",
                        "verbose_name_plural": "events of a version",
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="d382d8924c2de55ead40880df1b2f7d17952ce96",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_e582e",
                                    table="strategies_versionevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Hit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "strategy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="strategies.strategy"
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="strategies.strategyversion",
                            ),
                        ),
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
                            "object_key",
                            models.CharField(
                                blank=True, help_text="The object it is about, empty for the client", max_length=80
                            ),
                        ),
                        ("occurrence", models.CharField(max_length=120)),
                        (
                            "run",
                            models.ForeignKey(
                                help_text="The last run that judged it",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="strategies.run",
                            ),
                        ),
                        ("first_day", models.DateField()),
                        ("last_day", models.DateField()),
                        ("evidence", models.JSONField(default=dict)),
                        (
                            "stage",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "matched"),
                                    (2, "eligible"),
                                    (3, "consented"),
                                    (4, "suitable"),
                                    (5, "cooled down"),
                                    (6, "under cap"),
                                    (7, "not held out"),
                                    (8, "won arbitration"),
                                    (9, "within capacity"),
                                    (10, "delivered"),
                                ]
                            ),
                        ),
                        ("stopped_by", models.CharField(blank=True, help_text="Why it went no further", max_length=30)),
                        ("arm", models.CharField(default="treated", max_length=10)),
                        ("score", models.FloatField(help_text="P x C x V x L - cost, in CNY", null=True)),
                        (
                            "factors",
                            models.JSONField(
                                help_text="p, c, v, l and cost; the segment of p",
                                null=True,
                                verbose_name="score made of",
                            ),
                        ),
                        (
                            "refusal",
                            models.JSONField(
                                help_text="The pool, its capacity, the score of the last that it took",
                                null=True,
                                verbose_name="why there was no room",
                            ),
                        ),
                        (
                            "propensity",
                            models.FloatField(
                                help_text="Of a hit that was drawn to explore; else empty",
                                null=True,
                                verbose_name="chance of being drawn",
                            ),
                        ),
                        (
                            "rank",
                            models.PositiveIntegerField(help_text="Place among the winners of its pool", null=True),
                        ),
                        (
                            "would_win",
                            models.BooleanField(
                                default=False, help_text="Wins when nobody is held out: the hits that are compared"
                            ),
                        ),
                        (
                            "refill",
                            models.BooleanField(
                                default=False, help_text="Won only because a held-out hit left its place"
                            ),
                        ),
                        ("lost_to", models.UUIDField(help_text="The stronger hit of the same client", null=True)),
                        ("pool", models.CharField(blank=True, help_text="Whose capacity it needs", max_length=60)),
                        ("person", models.BigIntegerField(help_text="The manager whose work it would be", null=True)),
                        (
                            "used_on",
                            models.DateField(help_text="Delivered or held out: the occurrence is spent", null=True),
                        ),
                        ("delivered_at", models.DateTimeField(null=True)),
                        (
                            "task_at",
                            models.DateTimeField(
                                help_text="When its work for a person was handed out",
                                null=True,
                                verbose_name="Task made",
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "verbose_name": "hit",
                        "verbose_name_plural": "hits",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("stage", 9)), fields=["stage", "id"], name="hit_undelivered"
                            ),
                            models.Index(fields=["run", "version"], name="hit_of_run"),
                            models.Index(fields=["strategy", "client", "object_key", "-used_on"], name="hit_used"),
                            models.Index(fields=["client", "-last_day"], name="hit_of_client"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("strategy", "client", "occurrence"), name="hit_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HitEnding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="strategies.run"
                            ),
                        ),
                        (
                            "hit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="endings", to="strategies.hit"
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="strategies.strategyversion",
                            ),
                        ),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.branch"
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True, help_text="Empty: delivered; else why not in this run", max_length=30
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("run", "hit"), name="hit_ends_once_in_a_run")],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="62d5f43bd14cd39e755c9906640450f4a3c3fd78",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_e0319",
                                    table="strategies_hitending",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Assignment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "strategy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="strategies.strategy"
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.client"
                            ),
                        ),
                        ("arm", models.CharField(max_length=10)),
                        ("bucket", models.PositiveSmallIntegerField()),
                        ("assigned_on", models.DateField()),
                        (
                            "pct",
                            models.DecimalField(
                                decimal_places=2,
                                help_text="Held out of a hundred when it was drawn",
                                max_digits=5,
                                null=True,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("strategy", "client"), name="assigned_once")],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="101542e1cbc1d3502fb2dde8aa7b319acaa28aa6",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_828eb",
                                    table="strategies_assignment",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HitFeedback",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="feedback",
                                to="strategies.hit",
                            ),
                        ),
                        ("contact", models.CharField(max_length=30)),
                        ("response", models.CharField(blank=True, max_length=30)),
                        ("verdict", models.CharField(blank=True, max_length=30)),
                        (
                            "staff",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.staff"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("idem_key", models.CharField(max_length=100, unique=True)),
                    ],
                    options={
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="8ad8ec3624a9829de53784217a095508ed4ee5b5",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_01b51",
                                    table="strategies_hitfeedback",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StrategyHold",
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
                                related_name="holds",
                                to="strategies.strategyversion",
                                verbose_name="version",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="holds",
                                to="strategies.run",
                                verbose_name="run",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("held_breaker", "Breaker"), ("held_signature", "Signed number")],
                                max_length=14,
                                verbose_name="kind",
                            ),
                        ),
                        ("what", models.CharField(max_length=80, verbose_name="what was found")),
                        ("value", models.FloatField(verbose_name="found")),
                        ("usual", models.FloatField(null=True, verbose_name="usual")),
                        ("limit", models.FloatField(null=True, verbose_name="limit")),
                        ("held_at", models.DateTimeField(verbose_name="held since")),
                        (
                            "released_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="released by",
                            ),
                        ),
                        ("released_at", models.DateTimeField(null=True, verbose_name="released")),
                        ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                    ],
                    options={
                        "verbose_name": "held strategy",
                        "verbose_name_plural": "held strategies",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("released_at__isnull", True)),
                                fields=("version", "kind", "what"),
                                name="held_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("released_at__isnull", True), ("released_by__isnull", True)),
                                    models.Q(
                                        ("released_at__isnull", False),
                                        ("released_by__isnull", False),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="release_has_a_name_and_a_reason",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="frozen_once_released_at",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."released_at" IS NOT NULL)',
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="e0cc865a6ce687367aac5ea02a858131312d18a3",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_frozen_once_released_at_92333",
                                    table="strategies_strategyhold",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RolloutStep",
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
                                related_name="steps",
                                to="strategies.strategyversion",
                                verbose_name="version",
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField(verbose_name="step")),
                        (
                            "share",
                            models.DecimalField(
                                decimal_places=2,
                                default=0,
                                help_text="Drawn in matched pairs of size and assets when no branch is chosen; at least two branches.",
                                max_digits=5,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="share of the branches, percent",
                            ),
                        ),
                        ("min_days", models.PositiveSmallIntegerField(verbose_name="trading days at least")),
                        ("min_sample", models.PositiveIntegerField(verbose_name="clients served at least")),
                        ("approval", models.BooleanField(default=True, verbose_name="goes on only by a person")),
                        (
                            "drawn",
                            models.JSONField(default=list, editable=False, verbose_name="branches in which it runs"),
                        ),
                        ("started_on", models.DateField(editable=False, null=True, verbose_name="started")),
                        (
                            "branches",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="org.branch", verbose_name="chosen branches"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "step of a rollout",
                        "verbose_name_plural": "steps of a rollout",
                        "ordering": ("version_id", "order"),
                        "constraints": [
                            models.UniqueConstraint(fields=("version", "order"), name="rollout_step_once"),
                            models.CheckConstraint(
                                condition=models.Q(("share__range", (0, 100))), name="rollout_share"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RolloutJudgement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "step",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="judgements",
                                to="strategies.rolloutstep",
                                verbose_name="step",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="day")),
                        (
                            "answer",
                            models.CharField(
                                choices=[
                                    ("advance", "went on"),
                                    ("hold", "stays as it is"),
                                    ("roll_back", "taken back"),
                                    ("ask", "waits for a person"),
                                ],
                                max_length=10,
                                verbose_name="answer",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=20, verbose_name="reason")),
                        ("figures", models.JSONField(default=dict, verbose_name="figures")),
                        ("at", models.DateTimeField(verbose_name="at")),
                    ],
                    options={
                        "verbose_name": "judgement of a step",
                        "verbose_name_plural": "judgements of steps",
                        "constraints": [models.UniqueConstraint(fields=("step", "day"), name="step_judged_once_a_day")],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="532c2c025aca273ff34f7b4e6c5024a4bb456957",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_fccf5",
                                    table="strategies_rolloutjudgement",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GoalRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("family", models.CharField(max_length=30, verbose_name="family")),
                        (
                            "strategy",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="strategies.strategy",
                                verbose_name="strategy",
                            ),
                        ),
                        ("segment", models.CharField(blank=True, max_length=20, verbose_name="tier of clients")),
                        ("rate", models.FloatField(verbose_name="rate")),
                        ("trials", models.PositiveIntegerField(default=0, verbose_name="closed windows")),
                        ("counted_on", models.DateField(verbose_name="as of")),
                    ],
                    options={
                        "verbose_name": "goal rate",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("rate__range", (0, 1))), name="goal_rate_is_a_share"
                            ),
                            models.UniqueConstraint(
                                fields=("family", "strategy", "segment"), name="goal_rate_once", nulls_distinct=False
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
