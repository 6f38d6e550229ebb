import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from clients.shared.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        ("login", models.CharField(max_length=20, unique=True, verbose_name="login")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("client", "Client"), ("staff", "Staff")], max_length=10, verbose_name="kind"
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                        (
                            "display",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="Theme, market colours, 长辈版",
                                verbose_name="display",
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "login",
                        "verbose_name_plural": "logins",
                    },
                ),
                migrations.CreateModel(
                    name="Branch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                        ("phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="org.branch",
                            ),
                        ),
                        ("path", models.CharField(db_index=True, editable=False, max_length=200, verbose_name="path")),
                    ],
                    options={
                        "verbose_name": "branch",
                        "verbose_name_plural": "branches",
                    },
                ),
                migrations.CreateModel(
                    name="Staff",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="staff",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("staff_no", models.CharField(max_length=20, unique=True, verbose_name="staff number")),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="staff", to="org.branch"
                            ),
                        ),
                        ("phone", models.CharField(blank=True, max_length=30, verbose_name="office phone")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("available", "Available"),
                                    ("busy", "Busy"),
                                    ("away", "Away"),
                                    ("off", "Off"),
                                ],
                                default="available",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("seat_cap", models.PositiveSmallIntegerField(default=2, verbose_name="tasks at once")),
                        ("tasks_a_day", models.PositiveSmallIntegerField(default=40, verbose_name="tasks a day")),
                        (
                            "own_client_no",
                            models.CharField(blank=True, max_length=20, verbose_name="own client number"),
                        ),
                        ("left_on", models.DateField(blank=True, null=True, verbose_name="left on")),
                    ],
                    options={
                        "verbose_name": "staff",
                        "verbose_name_plural": "staff",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("own_client_no", ""), _negated=True),
                                fields=["own_client_no"],
                                name="staff_own_client",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StaffRole",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="roles", to="org.staff"
                            ),
                        ),
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
                        ("valid_from", models.DateField(verbose_name="from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="to")),
                    ],
                    options={
                        "verbose_name": "staff role",
                        "constraints": [
                            models.UniqueConstraint(fields=("staff", "role", "valid_from"), name="staff_role_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to__isnull", True),
                                    ("valid_to__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="staff_role_dates",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Licence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="licences", to="org.staff"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("general", "General securities business"), ("adviser", "Investment adviser")],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, unique=True, verbose_name="licence number")),
                        ("valid_from", models.DateField(verbose_name="from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="to")),
                    ],
                    options={
                        "verbose_name": "licence",
                    },
                ),
                migrations.CreateModel(
                    name="Cover",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "absent",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="absences", to="org.staff"
                            ),
                        ),
                        (
                            "cover",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="covers", to="org.staff"
                            ),
                        ),
                        ("starts_at", models.DateTimeField(verbose_name="from")),
                        ("ends_at", models.DateTimeField(verbose_name="to")),
                    ],
                    options={
                        "verbose_name": "cover",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="cover_dates"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("absent", models.F("cover")), _negated=True),
                                name="cover_by_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccessLog",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.staff"
                            ),
                        ),
                        ("client_id", models.BigIntegerField(db_index=True)),
                        ("action", models.CharField(max_length=30)),
                        ("field", models.CharField(blank=True, max_length=40)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("ip", models.GenericIPAddressField(null=True)),
                        ("at", models.DateTimeField(db_index=True)),
                    ],
                    options={
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="59752697e33aa08f347e2a13bf2a16b2037752ac",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_7002f",
                                    table="org_accesslog",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
