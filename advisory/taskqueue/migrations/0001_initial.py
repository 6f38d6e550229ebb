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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Playbook",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                        ("name_zh", models.CharField(max_length=60, verbose_name="Chinese name")),
                        ("name_en", models.CharField(max_length=120, verbose_name="English name")),
                    ],
                    options={
                        "verbose_name": "playbook",
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "taskqueue_playbookhistory" ("code", "id", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."code", NEW."id", NEW."name_en", NEW."name_zh", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                                    hash="6b747795909ddd971d026346f314d22465e9aa82",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_4fc50",
                                    table="taskqueue_playbook",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "taskqueue_playbookhistory" ("code", "id", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."code", NEW."id", NEW."name_en", NEW."name_zh", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                                    hash="75169344b56b6b7823b38ed573c4ac5f15dfb036",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_f100a",
                                    table="taskqueue_playbook",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "taskqueue_playbookhistory" ("code", "id", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."code", OLD."id", OLD."name_en", OLD."name_zh", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                                    hash="abc705436893d2ace89d97a41a5e07e06549d958",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_13f70",
                                    table="taskqueue_playbook",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlaybookHistory",
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
                                to="taskqueue.playbook",
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
                        ("name_zh", models.CharField(max_length=60, verbose_name="Chinese name")),
                        ("name_en", models.CharField(max_length=120, verbose_name="English name")),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="7df29dd3301d647bba67631803f00eaef1be0296",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_f2e87",
                                    table="taskqueue_playbookhistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlaybookVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "playbook",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="taskqueue.playbook",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="number")),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "Draft"), ("published", "Published"), ("obsolete", "Obsolete")],
                                default="draft",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("body_hash", models.CharField(blank=True, max_length=64)),
                    ],
                    options={
                        "verbose_name": "playbook version",
                        "constraints": [
                            models.UniqueConstraint(fields=("playbook", "number"), name="playbook_version_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "published")),
                                fields=("playbook",),
                                name="one_published_playbook",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="obsolete_is_final",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.\"state\" = 'obsolete')",
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="bc531a88c6df014a8c972697527cc771bed9220b",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_obsolete_is_final_031ba",
                                    table="taskqueue_playbookversion",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="published_text_stays",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."state" = \'published\' AND (OLD."body_hash" IS DISTINCT FROM (NEW."body_hash") OR NEW."state" = \'draft\'))',
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="cdc9bc892cfb3b28d5ed463b818ebd98509e17cf",
                                    operation="UPDATE",
                                    pgid="pgtrigger_published_text_stays_1afee",
                                    table="taskqueue_playbookversion",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlaybookEvent",
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
                                to="taskqueue.playbookversion",
                                verbose_name="version",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("drafted", "Drafted"), ("edited", "Edited"), ("published", "Published")],
                                max_length=10,
                                verbose_name="what was done",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                    ],
                    options={
                        "verbose_name": "event of a version",
                        "verbose_name_plural": "events of a version",
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="7531463fe072da3a176e6f3c1e2ddfafd822d852",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_0f918",
                                    table="taskqueue_playbookevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlaybookStep",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="taskqueue.playbookversion",
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField(verbose_name="order")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("script", "Say"),
                                    ("ask", "Ask"),
                                    ("check", "Check"),
                                    ("send", "Send"),
                                    ("link", "Open"),
                                ],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="text")),
                        ("avoid_text", models.CharField(blank=True, max_length=300, verbose_name="do not say")),
                        (
                            "answer_type",
                            models.CharField(
                                choices=[
                                    ("none", "Done"),
                                    ("choice", "Choice"),
                                    ("number", "Number"),
                                    ("date", "Date"),
                                    ("text", "Text"),
                                ],
                                default="none",
                                max_length=8,
                                verbose_name="answer",
                            ),
                        ),
                        ("choices", models.JSONField(blank=True, default=list, verbose_name="choices")),
                        ("required", models.BooleanField(default=False, verbose_name="required")),
                    ],
                    options={
                        "verbose_name": "playbook step",
                        "ordering": ["order"],
                        "constraints": [
                            models.UniqueConstraint(fields=("version", "order"), name="playbook_step_once")
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="published_steps_stay",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="\n    IF EXISTS (SELECT FROM taskqueue_playbookversion v WHERE v.state <> 'draft'\n               AND (TG_OP <> 'INSERT' AND v.id = OLD.version_id OR TG_OP <> 'DELETE' AND v.id = NEW.version_id)) THEN\n        RAISE EXCEPTION 'the steps of a playbook change only while it is a draft';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n",
                                    hash="661f6ddf911f43945619e95c08d8d08553f71d25",
                                    operation="INSERT OR UPDATE OR DELETE",
                                    pgid="pgtrigger_published_steps_stay_3d162",
                                    table="taskqueue_playbookstep",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Disposition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30, verbose_name="code")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("contact", "Contact"),
                                    ("response", "Response"),
                                    ("verdict", "Verdict on the hit"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("label_zh", models.CharField(max_length=40, verbose_name="Chinese label")),
                        ("label_en", models.CharField(max_length=60, verbose_name="English label")),
                        ("hotkey", models.CharField(blank=True, max_length=1, verbose_name="key")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                        ("reached", models.BooleanField(default=False, verbose_name="the client was reached")),
                        ("positive", models.BooleanField(default=False, verbose_name="positive")),
                        ("needs_note", models.BooleanField(default=False, verbose_name="needs a note")),
                    ],
                    options={
                        "verbose_name": "answer",
                        "ordering": ["kind", "order"],
                        "constraints": [models.UniqueConstraint(fields=("kind", "code"), name="disposition_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Task",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("task", "Task"),
                                    ("reminder", "Reminder"),
                                    ("callback", "Callback"),
                                    ("manual", "Manual"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("strategy_code", models.CharField(max_length=20)),
                        ("strategy_version", models.PositiveIntegerField(default=1)),
                        ("strategy_name_zh", models.CharField(blank=True, max_length=60)),
                        ("strategy_name_en", models.CharField(blank=True, max_length=120)),
                        ("hit_uid", models.UUIDField(db_index=True, null=True)),
                        ("occurrence", models.CharField(max_length=120)),
                        (
                            "playbook_version",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="taskqueue.playbookversion",
                            ),
                        ),
                        ("purpose", models.CharField(max_length=12, verbose_name="purpose")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("held", "Held"),
                                    ("open", "Open"),
                                    ("working", "In work"),
                                    ("snoozed", "Snoozed"),
                                    ("review", "In review"),
                                    ("done", "Done"),
                                    ("skipped", "Skipped"),
                                    ("expired", "Expired"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="open",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "assignee",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.staff"
                            ),
                        ),
                        ("pool", models.CharField(blank=True, max_length=60, verbose_name="pool")),
                        (
                            "worker",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.staff"
                            ),
                        ),
                        (
                            "last_worker",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.staff"
                            ),
                        ),
                        ("slot", models.PositiveSmallIntegerField(null=True)),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("fence", models.PositiveIntegerField(default=0)),
                        ("version", models.PositiveIntegerField(default=0)),
                        (
                            "why",
                            models.CharField(blank=True, help_text="The evidence line, numbers first", max_length=300),
                        ),
                        ("why_en", models.CharField(blank=True, max_length=400)),
                        ("evidence", models.JSONField(default=dict)),
                        ("evidence_asof", models.DateField(null=True)),
                        ("rank", models.FloatField(default=0)),
                        ("respond_by", models.DateTimeField(null=True)),
                        ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                        ("escalate_at", models.DateTimeField(null=True)),
                        ("valid_until", models.DateTimeField(null=True)),
                        ("snooze_until", models.DateTimeField(null=True)),
                        ("snooze_kind", models.CharField(blank=True, max_length=8)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("seen_at", models.DateTimeField(help_text="When a reminder was first opened", null=True)),
                        ("created_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("close_code", models.CharField(blank=True, max_length=30)),
                        (
                            "parent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="taskqueue.task",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "task",
                        "verbose_name_plural": "tasks",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "open")), fields=["pool", "-rank", "id"], name="task_pool"
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ["open", "working", "snoozed", "review"])),
                                fields=["assignee", "-rank", "id"],
                                name="task_mine",
                            ),
                            models.Index(
                                condition=models.Q(("state", "working")), fields=["lease_until"], name="task_lease"
                            ),
                            models.Index(fields=["client", "-id"], name="task_of_client"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("strategy_code", "client", "occurrence"), name="task_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "working")),
                                fields=("client",),
                                name="one_worker_per_client",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "working")),
                                fields=("worker", "slot"),
                                name="one_load_per_slot",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "working"), _negated=True),
                                    models.Q(
                                        ("lease_until__isnull", False),
                                        ("slot__isnull", False),
                                        ("worker__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="working_has_a_worker",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["done", "skipped", "expired", "cancelled"]), _negated=True),
                                    models.Q(("close_code", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="closed_has_a_code",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="state_by_transition_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="\n        IF OLD.state = NEW.state THEN RETURN NEW; END IF;\n        IF coalesce(current_setting('wangting.transition', true), '') <> 'on' THEN\n            RAISE EXCEPTION 'the state of a task is changed by its transitions only';\n        END IF;\n        IF (OLD.state, NEW.state) NOT IN (('done','open'), ('done','working'), ('held','cancelled'), ('held','expired'), ('held','open'), ('open','cancelled'), ('open','done'), ('open','expired'), ('open','skipped'), ('open','snoozed'), ('open','working'), ('review','done'), ('review','open'), ('skipped','open'), ('snoozed','cancelled'), ('snoozed','expired'), ('snoozed','open'), ('working','done'), ('working','open'), ('working','review'), ('working','skipped'), ('working','snoozed')) THEN\n            RAISE EXCEPTION 'a task does not go from % to %', OLD.state, NEW.state;\n        END IF;\n        RETURN NEW;\n    ",
                                    hash="509474ceb3dffe69c4f784f0c3ca3fd5c1c9f253",
                                    operation="UPDATE",
                                    pgid="pgtrigger_state_by_transition_only_44b1f",
                                    table="taskqueue_task",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaskResult",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="results", to="taskqueue.task"
                            ),
                        ),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.branch"
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.staff"
                            ),
                        ),
                        ("contact", models.CharField(max_length=30)),
                        ("response", models.CharField(blank=True, max_length=30)),
                        ("verdict", models.CharField(blank=True, max_length=30)),
                        ("note", models.TextField(blank=True)),
                        ("values", models.JSONField(default=dict)),
                        ("fence", models.PositiveIntegerField()),
                        ("late", models.BooleanField(default=False)),
                        ("at", models.DateTimeField()),
                        ("idem_key", models.CharField(max_length=64)),
                        (
                            "corrects",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="taskqueue.taskresult",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("task", "staff", "idem_key"), name="result_once")
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="c60f239f1afd73c0e486a1f9396036b0d5d5061c",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_4a3ad",
                                    table="taskqueue_taskresult",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaskEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="taskqueue.task"
                            ),
                        ),
                        ("from_state", models.CharField(blank=True, max_length=10)),
                        ("to_state", models.CharField(max_length=10)),
                        (
                            "by",
                            models.CharField(
                                help_text="A staff number, or a system actor such as strategy:KPM-042", max_length=60
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("reason", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="7a74bbc554adbd7efa025cc29a67d373a8820b06",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_7994f",
                                    table="taskqueue_taskevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
