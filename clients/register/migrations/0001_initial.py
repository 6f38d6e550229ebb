import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import clients.shared.encrypted
from clients.shared.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("market", "0001_initial"),
        ("shared", "0001_initial"),  # the extension for searching in names
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Numbers of leads: never the same one twice, also not to two who register at the same moment.
        migrations.RunSQL(
            "CREATE SEQUENCE register_lead_number START WITH 10000001",
            "DROP SEQUENCE register_lead_number",
        ),
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Client",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("client_no", models.CharField(max_length=20, unique=True, verbose_name="client number")),
                        (
                            "user",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="client",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("individual", "Individual"),
                                    ("organisation", "Organisation"),
                                    ("product", "Product"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "name_pinyin",
                            models.CharField(blank=True, db_index=True, help_text="Sort key", max_length=240),
                        ),
                        ("id_type", models.CharField(blank=True, max_length=20, verbose_name="ID type")),
                        (
                            "id_no",
                            clients.shared.encrypted.EncryptedTextField(
                                blank=True, default="", verbose_name="ID number"
                            ),
                        ),
                        (
                            "id_no_index",
                            clients.shared.encrypted.BlindIndexField(
                                blank=True, db_index=True, default="", editable=False, max_length=64, source="id_no"
                            ),
                        ),
                        ("id_valid_from", models.DateField(blank=True, null=True)),
                        (
                            "id_valid_to",
                            models.DateField(
                                blank=True, help_text="9999-12-31 = 长期", null=True, verbose_name="ID valid to"
                            ),
                        ),
                        ("birth_date", models.DateField(blank=True, null=True, verbose_name="birth date")),
                        ("sex", models.CharField(blank=True, max_length=1, verbose_name="sex")),
                        ("nationality", models.CharField(blank=True, max_length=3)),
                        (
                            "mobile",
                            clients.shared.encrypted.EncryptedTextField(blank=True, default="", verbose_name="mobile"),
                        ),
                        (
                            "mobile_index",
                            clients.shared.encrypted.BlindIndexField(
                                blank=True, db_index=True, default="", editable=False, max_length=64, source="mobile"
                            ),
                        ),
                        (
                            "email",
                            clients.shared.encrypted.EncryptedTextField(blank=True, default="", verbose_name="e-mail"),
                        ),
                        (
                            "email_index",
                            clients.shared.encrypted.BlindIndexField(
                                blank=True, default="", editable=False, max_length=64, source="email"
                            ),
                        ),
                        ("address", models.CharField(blank=True, max_length=300, verbose_name="address")),
                        ("occupation", models.CharField(blank=True, max_length=60)),
                        ("education", models.CharField(blank=True, max_length=30)),
                        ("income_band", models.CharField(blank=True, max_length=30)),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="org.branch",
                                verbose_name="branch",
                            ),
                        ),
                        (
                            "manager",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="org.staff",
                                verbose_name="client manager",
                            ),
                        ),
                        ("manager_since", models.DateField(blank=True, null=True)),
                        ("opened_on", models.DateField(blank=True, null=True, verbose_name="opened on")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("lead", "Lead"),
                                    ("active", "Active"),
                                    ("dormant", "Dormant"),
                                    ("closed", "Closed"),
                                ],
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "aml_level",
                            models.CharField(
                                blank=True,
                                choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                                max_length=8,
                            ),
                        ),
                        ("tax_residency", models.CharField(blank=True, max_length=20)),
                        (
                            "unified_account",
                            models.CharField(blank=True, max_length=20, verbose_name="unified account"),
                        ),
                        ("brokers_elsewhere", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "assets_elsewhere",
                            models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True),
                        ),
                        ("sensitive", models.BooleanField(default=False, verbose_name="sensitive")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("changed_at", models.DateTimeField(auto_now=True)),
                    ],
                    options={
                        "verbose_name": "client",
                        "verbose_name_plural": "clients",
                        "indexes": [
                            models.Index(fields=["branch", "manager"], name="client_book"),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["name"], name="client_name_trgm", opclasses=["gin_trgm_ops"]
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "register_clienthistory" ("address", "aml_level", "assets_elsewhere", "birth_date", "branch_id", "brokers_elsewhere", "changed_at", "client_no", "created_at", "education", "email", "email_index", "id", "id_no", "id_no_index", "id_type", "id_valid_from", "id_valid_to", "income_band", "kind", "manager_id", "manager_since", "mobile", "mobile_index", "name", "name_pinyin", "nationality", "occupation", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sensitive", "sex", "status", "tax_residency", "unified_account", "user_id") VALUES (NEW."address", NEW."aml_level", NEW."assets_elsewhere", NEW."birth_date", NEW."branch_id", NEW."brokers_elsewhere", NEW."changed_at", NEW."client_no", NEW."created_at", NEW."education", NEW."email", NEW."email_index", NEW."id", NEW."id_no", NEW."id_no_index", NEW."id_type", NEW."id_valid_from", NEW."id_valid_to", NEW."income_band", NEW."kind", NEW."manager_id", NEW."manager_since", NEW."mobile", NEW."mobile_index", NEW."name", NEW."name_pinyin", NEW."nationality", NEW."occupation", NEW."opened_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sensitive", NEW."sex", NEW."status", NEW."tax_residency", NEW."unified_account", NEW."user_id"); RETURN NULL;',
                                    hash="323bc3c67df177f2985a1f5036d9a8c047e3712b",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_2ec2d",
                                    table="register_client",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "register_clienthistory" ("address", "aml_level", "assets_elsewhere", "birth_date", "branch_id", "brokers_elsewhere", "changed_at", "client_no", "created_at", "education", "email", "email_index", "id", "id_no", "id_no_index", "id_type", "id_valid_from", "id_valid_to", "income_band", "kind", "manager_id", "manager_since", "mobile", "mobile_index", "name", "name_pinyin", "nationality", "occupation", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sensitive", "sex", "status", "tax_residency", "unified_account", "user_id") VALUES (NEW."address", NEW."aml_level", NEW."assets_elsewhere", NEW."birth_date", NEW."branch_id", NEW."brokers_elsewhere", NEW."changed_at", NEW."client_no", NEW."created_at", NEW."education", NEW."email", NEW."email_index", NEW."id", NEW."id_no", NEW."id_no_index", NEW."id_type", NEW."id_valid_from", NEW."id_valid_to", NEW."income_band", NEW."kind", NEW."manager_id", NEW."manager_since", NEW."mobile", NEW."mobile_index", NEW."name", NEW."name_pinyin", NEW."nationality", NEW."occupation", NEW."opened_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sensitive", NEW."sex", NEW."status", NEW."tax_residency", NEW."unified_account", NEW."user_id"); RETURN NULL;',
                                    hash="c102798a4d46db7eb5d4fa132077883e327bb2cd",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_de3fa",
                                    table="register_client",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClientHistory",
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
                                to="register.client",
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
                        ("client_no", models.CharField(max_length=20, verbose_name="client number")),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("individual", "Individual"),
                                    ("organisation", "Organisation"),
                                    ("product", "Product"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("name_pinyin", models.CharField(blank=True, help_text="Sort key", max_length=240)),
                        ("id_type", models.CharField(blank=True, max_length=20, verbose_name="ID type")),
                        (
                            "id_no",
                            clients.shared.encrypted.EncryptedTextField(
                                blank=True, default="", verbose_name="ID number"
                            ),
                        ),
                        (
                            "id_no_index",
                            clients.shared.encrypted.BlindIndexField(
                                blank=True, default="", editable=False, max_length=64, source="id_no"
                            ),
                        ),
                        ("id_valid_from", models.DateField(blank=True, null=True)),
                        (
                            "id_valid_to",
                            models.DateField(
                                blank=True, help_text="9999-12-31 = 长期", null=True, verbose_name="ID valid to"
                            ),
                        ),
                        ("birth_date", models.DateField(blank=True, null=True, verbose_name="birth date")),
                        ("sex", models.CharField(blank=True, max_length=1, verbose_name="sex")),
                        ("nationality", models.CharField(blank=True, max_length=3)),
                        (
                            "mobile",
                            clients.shared.encrypted.EncryptedTextField(blank=True, default="", verbose_name="mobile"),
                        ),
                        (
                            "mobile_index",
                            clients.shared.encrypted.BlindIndexField(
                                blank=True, default="", editable=False, max_length=64, source="mobile"
                            ),
                        ),
                        (
                            "email",
                            clients.shared.encrypted.EncryptedTextField(blank=True, default="", verbose_name="e-mail"),
                        ),
                        (
                            "email_index",
                            clients.shared.encrypted.BlindIndexField(
                                blank=True, default="", editable=False, max_length=64, source="email"
                            ),
                        ),
                        ("address", models.CharField(blank=True, max_length=300, verbose_name="address")),
                        ("occupation", models.CharField(blank=True, max_length=60)),
                        ("education", models.CharField(blank=True, max_length=30)),
                        ("income_band", models.CharField(blank=True, max_length=30)),
                        (
                            "branch",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="org.branch",
                                verbose_name="branch",
                            ),
                        ),
                        (
                            "manager",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="org.staff",
                                verbose_name="client manager",
                            ),
                        ),
                        ("manager_since", models.DateField(blank=True, null=True)),
                        ("opened_on", models.DateField(blank=True, null=True, verbose_name="opened on")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("lead", "Lead"),
                                    ("active", "Active"),
                                    ("dormant", "Dormant"),
                                    ("closed", "Closed"),
                                ],
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "aml_level",
                            models.CharField(
                                blank=True,
                                choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                                max_length=8,
                            ),
                        ),
                        ("tax_residency", models.CharField(blank=True, max_length=20)),
                        (
                            "unified_account",
                            models.CharField(blank=True, max_length=20, verbose_name="unified account"),
                        ),
                        ("brokers_elsewhere", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "assets_elsewhere",
                            models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True),
                        ),
                        ("sensitive", models.BooleanField(default=False, verbose_name="sensitive")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("changed_at", models.DateTimeField(auto_now=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ClientGrant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="register.client"
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="org.staff"
                            ),
                        ),
                        ("reason", models.CharField(max_length=60)),
                        ("granted_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["staff", "expires_at"], name="grant_of_staff")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("expires_at__gt", models.F("granted_at"))), name="grant_dates"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Account",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("fund", "Fund account"),
                                    ("securities", "Securities account"),
                                    ("credit_fund", "Credit fund account"),
                                    ("credit_securities", "Credit securities account"),
                                    ("option", "Option account"),
                                    ("ta", "Transfer-agent account"),
                                    ("pension", "Pension account"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("market", models.CharField(blank=True, max_length=4, verbose_name="market")),
                        ("account_no", models.CharField(max_length=30, verbose_name="account number")),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accounts",
                                to="register.client",
                            ),
                        ),
                        ("fund_account", models.CharField(blank=True, max_length=30, verbose_name="fund account")),
                        ("main", models.BooleanField(default=False, verbose_name="main")),
                        ("designated", models.BooleanField(default=False, verbose_name="designated")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("normal", "Normal"),
                                    ("dormant", "Dormant"),
                                    ("frozen", "Frozen"),
                                    ("restricted", "Restricted"),
                                    ("closed", "Closed"),
                                ],
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        ("opened_on", models.DateField(verbose_name="opened on")),
                        ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.branch"
                            ),
                        ),
                        ("bank", models.CharField(blank=True, max_length=20, verbose_name="bank")),
                        ("bank_card_tail", models.CharField(blank=True, max_length=4)),
                        (
                            "depository",
                            models.CharField(
                                blank=True,
                                choices=[("none", "Not bound"), ("active", "Active"), ("changing", "Changing")],
                                max_length=10,
                                verbose_name="depository",
                            ),
                        ),
                        ("commission", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                        ("min_commission", models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True)),
                        ("first_trade_on", models.DateField(blank=True, null=True)),
                        (
                            "permissions",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("changed_at", models.DateTimeField(auto_now=True)),
                    ],
                    options={
                        "verbose_name": "account",
                        "verbose_name_plural": "accounts",
                        "indexes": [models.Index(fields=["account_no"], name="account_no")],
                        "constraints": [
                            models.UniqueConstraint(fields=("kind", "market", "account_no"), name="account_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("main", True), models.Q(("status", "closed"), _negated=True)),
                                fields=("client", "kind"),
                                name="one_main_account",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind__in", ["fund", "credit_fund", "pension"])),
                                fields=("account_no",),
                                name="fund_account_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("closed_on__isnull", True), ("status", "closed"), _connector="OR"),
                                name="closed_on_means_closed",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "register_accounthistory" ("account_no", "bank", "bank_card_tail", "branch_id", "changed_at", "client_id", "closed_on", "commission", "created_at", "depository", "designated", "first_trade_on", "fund_account", "id", "kind", "main", "market", "min_commission", "opened_on", "permissions", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status") VALUES (NEW."account_no", NEW."bank", NEW."bank_card_tail", NEW."branch_id", NEW."changed_at", NEW."client_id", NEW."closed_on", NEW."commission", NEW."created_at", NEW."depository", NEW."designated", NEW."first_trade_on", NEW."fund_account", NEW."id", NEW."kind", NEW."main", NEW."market", NEW."min_commission", NEW."opened_on", NEW."permissions", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."status"); RETURN NULL;',
                                    hash="ef02b1b9680fdf23d3ec44645642ac8c83e4b841",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_26381",
                                    table="register_account",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "register_accounthistory" ("account_no", "bank", "bank_card_tail", "branch_id", "changed_at", "client_id", "closed_on", "commission", "created_at", "depository", "designated", "first_trade_on", "fund_account", "id", "kind", "main", "market", "min_commission", "opened_on", "permissions", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status") VALUES (NEW."account_no", NEW."bank", NEW."bank_card_tail", NEW."branch_id", NEW."changed_at", NEW."client_id", NEW."closed_on", NEW."commission", NEW."created_at", NEW."depository", NEW."designated", NEW."first_trade_on", NEW."fund_account", NEW."id", NEW."kind", NEW."main", NEW."market", NEW."min_commission", NEW."opened_on", NEW."permissions", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."status"); RETURN NULL;',
                                    hash="b64c0d21ad612a4e4641f2dfb91135443bafd2e5",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_35925",
                                    table="register_account",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccountHistory",
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
                                to="register.account",
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
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("fund", "Fund account"),
                                    ("securities", "Securities account"),
                                    ("credit_fund", "Credit fund account"),
                                    ("credit_securities", "Credit securities account"),
                                    ("option", "Option account"),
                                    ("ta", "Transfer-agent account"),
                                    ("pension", "Pension account"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("market", models.CharField(blank=True, max_length=4, verbose_name="market")),
                        ("account_no", models.CharField(max_length=30, verbose_name="account number")),
                        (
                            "client",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="register.client",
                            ),
                        ),
                        ("fund_account", models.CharField(blank=True, max_length=30, verbose_name="fund account")),
                        ("main", models.BooleanField(default=False, verbose_name="main")),
                        ("designated", models.BooleanField(default=False, verbose_name="designated")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("normal", "Normal"),
                                    ("dormant", "Dormant"),
                                    ("frozen", "Frozen"),
                                    ("restricted", "Restricted"),
                                    ("closed", "Closed"),
                                ],
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        ("opened_on", models.DateField(verbose_name="opened on")),
                        ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                        (
                            "branch",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="org.branch",
                            ),
                        ),
                        ("bank", models.CharField(blank=True, max_length=20, verbose_name="bank")),
                        ("bank_card_tail", models.CharField(blank=True, max_length=4)),
                        (
                            "depository",
                            models.CharField(
                                blank=True,
                                choices=[("none", "Not bound"), ("active", "Active"), ("changing", "Changing")],
                                max_length=10,
                                verbose_name="depository",
                            ),
                        ),
                        ("commission", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                        ("min_commission", models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True)),
                        ("first_trade_on", models.DateField(blank=True, null=True)),
                        (
                            "permissions",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("changed_at", models.DateTimeField(auto_now=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ContactPreference",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="preferences",
                                to="register.client",
                            ),
                        ),
                        ("channel", models.CharField(max_length=10, verbose_name="channel")),
                        ("allowed", models.BooleanField(default=True, verbose_name="allowed")),
                        ("hours", models.CharField(blank=True, max_length=40, verbose_name="hours")),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("client", "channel"), name="preference_once")],
                    },
                ),
                migrations.CreateModel(
                    name="ContactHold",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="register.client"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("complaint", "Complaint"),
                                    ("legal", "Legal"),
                                    ("deceased", "Deceased"),
                                    ("dnc", "Do not contact"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("until", models.DateTimeField(blank=True, null=True)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Touch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="touches",
                                to="register.client",
                            ),
                        ),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.branch"
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("phone", "Phone"),
                                    ("inbox", "Inbox"),
                                    ("app", "App"),
                                    ("sms", "SMS"),
                                    ("wechat", "WeChat"),
                                    ("visit", "Visit"),
                                    ("chat", "Chat"),
                                ],
                                max_length=10,
                                verbose_name="channel",
                            ),
                        ),
                        ("outbound", models.BooleanField(default=True)),
                        ("purpose", models.CharField(max_length=12, verbose_name="purpose")),
                        ("started_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "staff",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.staff"
                            ),
                        ),
                        ("provider_ref", models.CharField(max_length=100, unique=True)),
                        ("recording_ref", models.CharField(blank=True, max_length=200)),
                        ("task_uid", models.UUIDField(null=True)),
                        ("reached", models.BooleanField(null=True)),
                        ("arrived_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["client", "-started_at"], name="touch_newest")],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="74b3c954eaa9197d49e6233aeeaf9d699e70cbb2",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_085b9",
                                    table="register_touch",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RiskAssessment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assessments",
                                to="register.client",
                            ),
                        ),
                        (
                            "level",
                            models.PositiveSmallIntegerField(
                                help_text="1 to 5 for C1 to C5", verbose_name="risk level"
                            ),
                        ),
                        ("lowest", models.BooleanField(default=False, verbose_name="lowest risk class")),
                        ("assessed_on", models.DateField(verbose_name="assessed on")),
                        ("valid_to", models.DateField(verbose_name="valid to")),
                        ("max_horizon_days", models.PositiveIntegerField(null=True)),
                        ("intended_kinds", models.JSONField(default=list)),
                        ("source", models.CharField(default="import", max_length=20)),
                        ("arrived_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("client", "assessed_on", "level", "lowest", "valid_to"), name="assessment_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("level__range", (1, 5))), name="assessment_level"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("valid_to__gte", models.F("assessed_on"))), name="assessment_dates"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="9a7758c4af9cd1450ae242051fa2bfeacff4e1e7",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_51148",
                                    table="register_riskassessment",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consents",
                                to="register.client",
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("marketing", "Marketing messages and calls"),
                                    ("personalisation", "Personalised content"),
                                    ("behaviour", "Analysis of my behaviour on screen"),
                                    ("service_push", "Service messages"),
                                    ("privacy", "Privacy policy"),
                                ],
                                max_length=20,
                                verbose_name="purpose",
                            ),
                        ),
                        ("version", models.CharField(max_length=20, verbose_name="text version")),
                        ("at", models.DateTimeField(verbose_name="at")),
                        ("given", models.BooleanField(verbose_name="given")),
                        ("channel", models.CharField(max_length=10, verbose_name="channel")),
                        ("arrived_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["client", "purpose", "-at"], name="consent_newest")],
                        "constraints": [
                            models.UniqueConstraint(fields=("client", "purpose", "version", "at"), name="consent_once")
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="f4689f684d4dc5621469d0ab498306f4866534b4",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_7a3b2",
                                    table="register_consent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WatchlistItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="watchlist",
                                to="register.client",
                            ),
                        ),
                        (
                            "security",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="market.security"
                            ),
                        ),
                        ("added_at", models.DateTimeField()),
                        ("removed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("removed_at__isnull", True)),
                                fields=("client", "security"),
                                name="watched_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Registration",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "client",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="registration",
                                to="register.client",
                                verbose_name="client",
                            ),
                        ),
                        ("key", models.UUIDField(unique=True)),
                        (
                            "source",
                            models.CharField(
                                choices=[("web", "These pages"), ("branch", "Branch")],
                                max_length=10,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                help_text="Empty: he did it himself",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                    ],
                    options={
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="07a0e5ff46038a4a47ec6a3750ea619bb676ee13",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_f7fb9",
                                    table="register_registration",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuitabilityRule",
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
                            "client_class",
                            models.CharField(
                                choices=[
                                    ("lowest", "C1, least able to bear risk"),
                                    ("C1", "C1"),
                                    ("C2", "C2"),
                                    ("C3", "C3"),
                                    ("C4", "C4"),
                                    ("C5", "C5"),
                                    ("professional", "Professional investor"),
                                    ("unknown", "No valid assessment"),
                                ],
                                max_length=12,
                                verbose_name="client class",
                            ),
                        ),
                        ("product_level", models.PositiveSmallIntegerField(verbose_name="product risk level")),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("match", "Match"),
                                    ("warn", "Mismatch, only at the client's own request"),
                                    ("block", "Blocked"),
                                ],
                                max_length=5,
                                verbose_name="outcome",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "suitability rule",
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
                                name="suitabilityrule_signed_by_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("effective_to__isnull", True),
                                    ("effective_to__gte", models.F("effective_from")),
                                    _connector="OR",
                                ),
                                name="suitabilityrule_days_in_order",
                            ),
                            models.UniqueConstraint(
                                fields=("client_class", "product_level", "effective_from"), name="suitability_rule_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("product_level__range", (1, 5))), name="suitability_rule_level"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="frozen_once_confirmed_at",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."confirmed_at" IS NOT NULL)',
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="813f80b937c1c8faba6eb4d2da781cb366158871",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_frozen_once_confirmed_at_b9f22",
                                    table="register_suitabilityrule",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "register_suitabilityrulehistory" ("client_class", "confirmed_at", "confirmed_by_id", "effective_from", "effective_to", "id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_level", "proposed_by_id") VALUES (NEW."client_class", NEW."confirmed_at", NEW."confirmed_by_id", NEW."effective_from", NEW."effective_to", NEW."id", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."product_level", NEW."proposed_by_id"); RETURN NULL;',
                                    hash="6b778550568017e94ca98c1d8a8828443d69dc40",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_6890d",
                                    table="register_suitabilityrule",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "register_suitabilityrulehistory" ("client_class", "confirmed_at", "confirmed_by_id", "effective_from", "effective_to", "id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_level", "proposed_by_id") VALUES (NEW."client_class", NEW."confirmed_at", NEW."confirmed_by_id", NEW."effective_from", NEW."effective_to", NEW."id", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."product_level", NEW."proposed_by_id"); RETURN NULL;',
                                    hash="958e0eb48862091c509915c6ef277867518a95c5",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_fb380",
                                    table="register_suitabilityrule",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "register_suitabilityrulehistory" ("client_class", "confirmed_at", "confirmed_by_id", "effective_from", "effective_to", "id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_level", "proposed_by_id") VALUES (OLD."client_class", OLD."confirmed_at", OLD."confirmed_by_id", OLD."effective_from", OLD."effective_to", OLD."id", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."product_level", OLD."proposed_by_id"); RETURN NULL;',
                                    hash="ac38a53b78edd9ad0df1d780b87734af23ef574b",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_712a1",
                                    table="register_suitabilityrule",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuitabilityRuleHistory",
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
                                to="register.suitabilityrule",
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
                            "client_class",
                            models.CharField(
                                choices=[
                                    ("lowest", "C1, least able to bear risk"),
                                    ("C1", "C1"),
                                    ("C2", "C2"),
                                    ("C3", "C3"),
                                    ("C4", "C4"),
                                    ("C5", "C5"),
                                    ("professional", "Professional investor"),
                                    ("unknown", "No valid assessment"),
                                ],
                                max_length=12,
                                verbose_name="client class",
                            ),
                        ),
                        ("product_level", models.PositiveSmallIntegerField(verbose_name="product risk level")),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("match", "Match"),
                                    ("warn", "Mismatch, only at the client's own request"),
                                    ("block", "Blocked"),
                                ],
                                max_length=5,
                                verbose_name="outcome",
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
                                    hash="6979cb6effc579567da803310ad7f563b0e6e752",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_5db07",
                                    table="register_suitabilityrulehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PermissionRule",
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
                        ("code", models.CharField(max_length=20, verbose_name="permission")),
                        (
                            "min_assets",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=20,
                                null=True,
                                verbose_name="least average assets",
                            ),
                        ),
                        (
                            "window_td",
                            models.PositiveSmallIntegerField(default=20, verbose_name="window in trading days"),
                        ),
                        (
                            "min_months",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="months of experience"
                            ),
                        ),
                        (
                            "min_level",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="least risk level"),
                        ),
                        ("paper", models.BooleanField(default=False, verbose_name="knowledge test")),
                        (
                            "agreements",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                            ),
                        ),
                        (
                            "exempt_if",
                            models.CharField(blank=True, max_length=20, verbose_name="exempt with permission"),
                        ),
                        (
                            "on_mismatch",
                            models.CharField(
                                choices=[("block", "Block"), ("warn", "Warn")], default="block", max_length=5
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "verbose_name": "permission rule",
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
                                name="permissionrule_signed_by_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("effective_to__isnull", True),
                                    ("effective_to__gte", models.F("effective_from")),
                                    _connector="OR",
                                ),
                                name="permissionrule_days_in_order",
                            ),
                            models.UniqueConstraint(fields=("code", "effective_from"), name="permission_rule_once"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="frozen_once_confirmed_at",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."confirmed_at" IS NOT NULL)',
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="3e81ef36d7fa6c874517e1965277699955cef359",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_frozen_once_confirmed_at_1c38b",
                                    table="register_permissionrule",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "register_permissionrulehistory" ("agreements", "code", "confirmed_at", "confirmed_by_id", "effective_from", "effective_to", "exempt_if", "id", "min_assets", "min_level", "min_months", "note", "on_mismatch", "paper", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "window_td") VALUES (NEW."agreements", NEW."code", NEW."confirmed_at", NEW."confirmed_by_id", NEW."effective_from", NEW."effective_to", NEW."exempt_if", NEW."id", NEW."min_assets", NEW."min_level", NEW."min_months", NEW."note", NEW."on_mismatch", NEW."paper", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_by_id", NEW."window_td"); RETURN NULL;',
                                    hash="ae45da406a95118abe13330827ec2d288c066266",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_a8e66",
                                    table="register_permissionrule",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "register_permissionrulehistory" ("agreements", "code", "confirmed_at", "confirmed_by_id", "effective_from", "effective_to", "exempt_if", "id", "min_assets", "min_level", "min_months", "note", "on_mismatch", "paper", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "window_td") VALUES (NEW."agreements", NEW."code", NEW."confirmed_at", NEW."confirmed_by_id", NEW."effective_from", NEW."effective_to", NEW."exempt_if", NEW."id", NEW."min_assets", NEW."min_level", NEW."min_months", NEW."note", NEW."on_mismatch", NEW."paper", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_by_id", NEW."window_td"); RETURN NULL;',
                                    hash="0f0c3c24ca6f3b8e643dc7b6af75f0e854db692a",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_2c9a1",
                                    table="register_permissionrule",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="delete_delete",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "register_permissionrulehistory" ("agreements", "code", "confirmed_at", "confirmed_by_id", "effective_from", "effective_to", "exempt_if", "id", "min_assets", "min_level", "min_months", "note", "on_mismatch", "paper", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "window_td") VALUES (OLD."agreements", OLD."code", OLD."confirmed_at", OLD."confirmed_by_id", OLD."effective_from", OLD."effective_to", OLD."exempt_if", OLD."id", OLD."min_assets", OLD."min_level", OLD."min_months", OLD."note", OLD."on_mismatch", OLD."paper", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_by_id", OLD."window_td"); RETURN NULL;',
                                    hash="bfa343ffb89a772b4909a71731cb272b602eaaca",
                                    operation="DELETE",
                                    pgid="pgtrigger_delete_delete_8c930",
                                    table="register_permissionrule",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PermissionRuleHistory",
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
                                to="register.permissionrule",
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
                        ("code", models.CharField(max_length=20, verbose_name="permission")),
                        (
                            "min_assets",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=20,
                                null=True,
                                verbose_name="least average assets",
                            ),
                        ),
                        (
                            "window_td",
                            models.PositiveSmallIntegerField(default=20, verbose_name="window in trading days"),
                        ),
                        (
                            "min_months",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="months of experience"
                            ),
                        ),
                        (
                            "min_level",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="least risk level"),
                        ),
                        ("paper", models.BooleanField(default=False, verbose_name="knowledge test")),
                        (
                            "agreements",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                            ),
                        ),
                        (
                            "exempt_if",
                            models.CharField(blank=True, max_length=20, verbose_name="exempt with permission"),
                        ),
                        (
                            "on_mismatch",
                            models.CharField(
                                choices=[("block", "Block"), ("warn", "Warn")], default="block", max_length=5
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "abstract": False,
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="f0ed8431b48e0bd619376217f768b153cd37a905",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_63b53",
                                    table="register_permissionrulehistory",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
