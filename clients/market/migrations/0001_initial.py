import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.db import migrations, models

from clients.shared.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Exchange",
                    fields=[
                        (
                            "code",
                            models.CharField(max_length=4, primary_key=True, serialize=False, verbose_name="code"),
                        ),
                        ("mic", models.CharField(blank=True, max_length=4, verbose_name="market identifier code")),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                    ],
                ),
                migrations.CreateModel(
                    name="Security",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "exchange",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="securities",
                                to="market.exchange",
                            ),
                        ),
                        ("code", models.CharField(max_length=12, verbose_name="code")),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("short_pinyin", models.CharField(blank=True, max_length=20, verbose_name="short pinyin")),
                        ("fullname", models.CharField(blank=True, max_length=200, verbose_name="full name")),
                        ("area", models.CharField(blank=True, max_length=40, verbose_name="area")),
                        ("industry", models.CharField(blank=True, max_length=60, verbose_name="industry")),
                        (
                            "type",
                            models.CharField(
                                choices=[
                                    ("stock", "Stock"),
                                    ("etf", "ETF"),
                                    ("lof", "LOF"),
                                    ("reit", "REIT"),
                                    ("bond", "Bond"),
                                    ("cb", "Convertible bond"),
                                    ("repo", "Repo"),
                                    ("index", "Index"),
                                    ("option", "Option"),
                                    ("fund", "Fund"),
                                ],
                                max_length=10,
                                verbose_name="type",
                            ),
                        ),
                        (
                            "board",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("main", "Main board"),
                                    ("star", "STAR Market"),
                                    ("gem", "ChiNext"),
                                    ("bse", "Beijing Stock Exchange"),
                                    ("b", "B shares"),
                                    ("neeq", "NEEQ"),
                                ],
                                max_length=10,
                                verbose_name="board",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("listed", "Listed"),
                                    ("suspended", "Suspended"),
                                    ("delisting", "Delisting period"),
                                    ("delisted", "Delisted"),
                                ],
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("list_date", models.DateField(blank=True, null=True, verbose_name="listed on")),
                        ("delist_date", models.DateField(blank=True, null=True, verbose_name="delisted on")),
                        ("lot", models.PositiveIntegerField(default=100, verbose_name="lot")),
                        ("tick", models.DecimalField(decimal_places=4, max_digits=18, verbose_name="tick")),
                        ("unit", models.PositiveIntegerField(default=1, verbose_name="value multiplier")),
                        ("t_plus", models.PositiveSmallIntegerField(default=1, verbose_name="settlement T+")),
                        ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                        (
                            "risk_flag",
                            models.CharField(
                                choices=[
                                    ("none", "None"),
                                    ("st", "ST"),
                                    ("star_st", "*ST"),
                                    ("delisting", "Delisting period"),
                                ],
                                default="none",
                                max_length=10,
                                verbose_name="risk flag",
                            ),
                        ),
                        ("margin_flag", models.BooleanField(default=False, verbose_name="may be financed")),
                        ("short_flag", models.BooleanField(default=False, verbose_name="may be shorted")),
                        (
                            "collateral_ratio",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="collateral ratio"
                            ),
                        ),
                        ("connect_flag", models.BooleanField(default=False, verbose_name="Stock Connect")),
                        (
                            "total_shares",
                            models.DecimalField(
                                blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="total shares"
                            ),
                        ),
                        (
                            "float_shares",
                            models.DecimalField(
                                blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="float shares"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "security",
                        "verbose_name_plural": "securities",
                        "indexes": [
                            models.Index(fields=["code"], name="security_code"),
                            models.Index(fields=["short_pinyin"], name="security_pinyin"),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("exchange", "code"), name="security_once")],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "market_securityhistory" ("area", "board", "code", "collateral_ratio", "connect_flag", "currency", "delist_date", "exchange_id", "float_shares", "fullname", "id", "industry", "list_date", "lot", "margin_flag", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "risk_flag", "short_flag", "short_pinyin", "status", "t_plus", "tick", "total_shares", "type", "unit") VALUES (NEW."area", NEW."board", NEW."code", NEW."collateral_ratio", NEW."connect_flag", NEW."currency", NEW."delist_date", NEW."exchange_id", NEW."float_shares", NEW."fullname", NEW."id", NEW."industry", NEW."list_date", NEW."lot", NEW."margin_flag", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."risk_flag", NEW."short_flag", NEW."short_pinyin", NEW."status", NEW."t_plus", NEW."tick", NEW."total_shares", NEW."type", NEW."unit"); RETURN NULL;',
                                    hash="7aba3b5cabb7f3fac4a40ac554b081c9bf5ce0c9",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_615a6",
                                    table="market_security",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "market_securityhistory" ("area", "board", "code", "collateral_ratio", "connect_flag", "currency", "delist_date", "exchange_id", "float_shares", "fullname", "id", "industry", "list_date", "lot", "margin_flag", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "risk_flag", "short_flag", "short_pinyin", "status", "t_plus", "tick", "total_shares", "type", "unit") VALUES (NEW."area", NEW."board", NEW."code", NEW."collateral_ratio", NEW."connect_flag", NEW."currency", NEW."delist_date", NEW."exchange_id", NEW."float_shares", NEW."fullname", NEW."id", NEW."industry", NEW."list_date", NEW."lot", NEW."margin_flag", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."risk_flag", NEW."short_flag", NEW."short_pinyin", NEW."status", NEW."t_plus", NEW."tick", NEW."total_shares", NEW."type", NEW."unit"); RETURN NULL;',
                                    hash="f7b4832ecc2fd3bdaf763e16a69ff820256d5503",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_b0795",
                                    table="market_security",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SecurityHistory",
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
                                to="market.security",
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
                            "exchange",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="market.exchange",
                            ),
                        ),
                        ("code", models.CharField(max_length=12, verbose_name="code")),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("short_pinyin", models.CharField(blank=True, max_length=20, verbose_name="short pinyin")),
                        ("fullname", models.CharField(blank=True, max_length=200, verbose_name="full name")),
                        ("area", models.CharField(blank=True, max_length=40, verbose_name="area")),
                        ("industry", models.CharField(blank=True, max_length=60, verbose_name="industry")),
                        (
                            "type",
                            models.CharField(
                                choices=[
                                    ("stock", "Stock"),
                                    ("etf", "ETF"),
                                    ("lof", "LOF"),
                                    ("reit", "REIT"),
                                    ("bond", "Bond"),
                                    ("cb", "Convertible bond"),
                                    ("repo", "Repo"),
                                    ("index", "Index"),
                                    ("option", "Option"),
                                    ("fund", "Fund"),
                                ],
                                max_length=10,
                                verbose_name="type",
                            ),
                        ),
                        (
                            "board",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("main", "Main board"),
                                    ("star", "STAR Market"),
                                    ("gem", "ChiNext"),
                                    ("bse", "Beijing Stock Exchange"),
                                    ("b", "B shares"),
                                    ("neeq", "NEEQ"),
                                ],
                                max_length=10,
                                verbose_name="board",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("listed", "Listed"),
                                    ("suspended", "Suspended"),
                                    ("delisting", "Delisting period"),
                                    ("delisted", "Delisted"),
                                ],
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("list_date", models.DateField(blank=True, null=True, verbose_name="listed on")),
                        ("delist_date", models.DateField(blank=True, null=True, verbose_name="delisted on")),
                        ("lot", models.PositiveIntegerField(default=100, verbose_name="lot")),
                        ("tick", models.DecimalField(decimal_places=4, max_digits=18, verbose_name="tick")),
                        ("unit", models.PositiveIntegerField(default=1, verbose_name="value multiplier")),
                        ("t_plus", models.PositiveSmallIntegerField(default=1, verbose_name="settlement T+")),
                        ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                        (
                            "risk_flag",
                            models.CharField(
                                choices=[
                                    ("none", "None"),
                                    ("st", "ST"),
                                    ("star_st", "*ST"),
                                    ("delisting", "Delisting period"),
                                ],
                                default="none",
                                max_length=10,
                                verbose_name="risk flag",
                            ),
                        ),
                        ("margin_flag", models.BooleanField(default=False, verbose_name="may be financed")),
                        ("short_flag", models.BooleanField(default=False, verbose_name="may be shorted")),
                        (
                            "collateral_ratio",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="collateral ratio"
                            ),
                        ),
                        ("connect_flag", models.BooleanField(default=False, verbose_name="Stock Connect")),
                        (
                            "total_shares",
                            models.DecimalField(
                                blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="total shares"
                            ),
                        ),
                        (
                            "float_shares",
                            models.DecimalField(
                                blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="float shares"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="SecurityName",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "security",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="names", to="market.security"
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("short_pinyin", models.CharField(blank=True, max_length=20, verbose_name="short pinyin")),
                        ("valid_from", models.DateField(null=True, verbose_name="from")),
                        ("valid_to", models.DateField(null=True, verbose_name="to")),
                    ],
                    options={
                        "indexes": [models.Index(fields=["name"], name="security_name_text")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("security", "name", "valid_from"),
                                name="security_name_once",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BoardRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "board",
                            models.CharField(
                                choices=[
                                    ("main", "Main board"),
                                    ("star", "STAR Market"),
                                    ("gem", "ChiNext"),
                                    ("bse", "Beijing Stock Exchange"),
                                    ("b", "B shares"),
                                    ("neeq", "NEEQ"),
                                ],
                                max_length=10,
                                verbose_name="board",
                            ),
                        ),
                        ("risk_warned", models.BooleanField(default=False, verbose_name="for ST securities")),
                        (
                            "limit_ratio",
                            models.DecimalField(decimal_places=6, max_digits=9, verbose_name="daily limit"),
                        ),
                        (
                            "first_days_free",
                            models.PositiveSmallIntegerField(default=5, verbose_name="first days without limit"),
                        ),
                        ("effective_from", models.DateField(verbose_name="from")),
                        ("effective_to", models.DateField(blank=True, null=True, verbose_name="to")),
                        ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                    ],
                    options={
                        "verbose_name": "board rule",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("board", "risk_warned", "effective_from"), name="board_rule_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BoardPrefix",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "exchange",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prefixes",
                                to="market.exchange",
                            ),
                        ),
                        ("prefix", models.CharField(max_length=6, verbose_name="prefix")),
                        (
                            "type",
                            models.CharField(
                                choices=[
                                    ("stock", "Stock"),
                                    ("etf", "ETF"),
                                    ("lof", "LOF"),
                                    ("reit", "REIT"),
                                    ("bond", "Bond"),
                                    ("cb", "Convertible bond"),
                                    ("repo", "Repo"),
                                    ("index", "Index"),
                                    ("option", "Option"),
                                    ("fund", "Fund"),
                                ],
                                max_length=10,
                                verbose_name="type",
                            ),
                        ),
                        (
                            "board",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("main", "Main board"),
                                    ("star", "STAR Market"),
                                    ("gem", "ChiNext"),
                                    ("bse", "Beijing Stock Exchange"),
                                    ("b", "B shares"),
                                    ("neeq", "NEEQ"),
                                ],
                                max_length=10,
                                verbose_name="board",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("exchange", "prefix"), name="board_prefix_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TradingDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "exchange",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="days", to="market.exchange"
                            ),
                        ),
                        ("day", models.DateField(verbose_name="day")),
                        ("is_open", models.BooleanField(verbose_name="open")),
                        ("half_day", models.BooleanField(default=False, verbose_name="half day")),
                        ("provisional", models.BooleanField(default=False, verbose_name="provisional")),
                        (
                            "number",
                            models.IntegerField(
                                help_text="Of this day or the last open one before",
                                verbose_name="running number of open days",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=100, verbose_name="note")),
                        ("source", models.CharField(blank=True, max_length=100, verbose_name="source")),
                    ],
                    options={
                        "verbose_name": "trading day",
                        "constraints": [models.UniqueConstraint(fields=("exchange", "day"), name="trading_day_once")],
                    },
                ),
                migrations.CreateModel(
                    name="SecurityEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "security",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="market.security",
                            ),
                        ),
                        ("event_no", models.CharField(max_length=60, verbose_name="event number")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("dividend", "Dividend"),
                                    ("bonus", "Bonus shares"),
                                    ("rights", "Rights issue"),
                                    ("ipo", "IPO"),
                                    ("unlock", "Unlocking of restricted shares"),
                                    ("suspend", "Suspension"),
                                    ("resume", "Resumption"),
                                    ("st_on", "Risk warning given"),
                                    ("st_off", "Risk warning lifted"),
                                    ("delisting", "Delisting"),
                                    ("probe", "Investigation or penalty"),
                                    ("reduction", "Shareholder reduction"),
                                    ("earnings_warning", "Earnings warning"),
                                    ("haircut", "Collateral ratio"),
                                    ("margin_list", "Margin list"),
                                    ("cb_redeem", "Redemption of a convertible bond"),
                                    ("put_back", "Put-back"),
                                    ("tender", "Tender offer"),
                                    ("news", "News"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("announced_on", models.DateField(verbose_name="announced on")),
                        ("ex_date", models.DateField(null=True, verbose_name="ex-date or first day")),
                        ("record_date", models.DateField(null=True, verbose_name="record date")),
                        ("pay_date", models.DateField(null=True, verbose_name="pay date")),
                        ("last_day", models.DateField(null=True, verbose_name="last day")),
                        ("value", models.DecimalField(decimal_places=6, max_digits=9, null=True, verbose_name="value")),
                        (
                            "price",
                            models.DecimalField(decimal_places=4, max_digits=18, null=True, verbose_name="price"),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        (
                            "role",
                            models.CharField(
                                choices=[("subject", "Subject"), ("mentioned", "Mentioned")],
                                default="subject",
                                max_length=10,
                                verbose_name="role",
                            ),
                        ),
                        ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                        ("article_id", models.BigIntegerField(null=True, verbose_name="article")),
                        ("article_kind", models.CharField(blank=True, max_length=12, verbose_name="kind of article")),
                        ("rating", models.CharField(blank=True, max_length=8, verbose_name="rating")),
                        ("published_at", models.DateTimeField(null=True, verbose_name="published at")),
                        ("reversal_of", models.CharField(blank=True, max_length=60, verbose_name="takes back")),
                        (
                            "arrived_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(), verbose_name="arrived at"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "security event",
                        "verbose_name_plural": "security events",
                        "indexes": [
                            models.Index(fields=["announced_on"], name="security_event_day"),
                            models.Index(
                                condition=models.Q(("article_id__isnull", False)),
                                fields=["article_id"],
                                name="event_of_article",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("security", "event_no"), name="security_event_once")
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="a8f6a9aed49ee82699e02d62857d907f80687a8e",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_4b2e6",
                                    table="market_securityevent",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DailyBar",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "security",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bars",
                                to="market.security",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="day")),
                        ("open", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                        ("high", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                        ("low", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                        ("close", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("prev_close", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                        ("volume", models.DecimalField(decimal_places=4, help_text="Shares", max_digits=20)),
                        ("amount", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("limit_up", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                        ("limit_down", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("trading", "Trading"),
                                    ("suspended", "Suspended"),
                                    ("first_day", "First day"),
                                    ("no_limit", "No limit"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("adj_factor", models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                        (
                            "adjusted",
                            models.BooleanField(
                                default=False, help_text="Prices are forward-adjusted: limits do not apply"
                            ),
                        ),
                        (
                            "jump",
                            models.BooleanField(
                                default=False, help_text="A move larger than the board allows: look at the source"
                            ),
                        ),
                        ("arrived_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "indexes": [models.Index(fields=["day"], name="daily_bar_day")],
                        "constraints": [models.UniqueConstraint(fields=("security", "day"), name="daily_bar_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Quote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "security",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE, related_name="quote", to="market.security"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("last", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("prev_close", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                        ("volume", models.DecimalField(decimal_places=4, max_digits=20, null=True)),
                        ("source", models.CharField(max_length=40)),
                        ("delay_s", models.PositiveIntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Product",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("ta_code", models.CharField(max_length=10)),
                        ("product_code", models.CharField(max_length=20)),
                        ("as_of", models.DateField()),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("cash", "Cash management"),
                                    ("bond_fund", "Bond fund"),
                                    ("mixed_fund", "Mixed fund"),
                                    ("equity_fund", "Equity fund"),
                                    ("certificate", "Income certificate"),
                                    ("asset_plan", "Asset management plan"),
                                    ("private", "Private fund"),
                                    ("wealth", "Wealth product"),
                                    ("data_service", "Data service"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("issuer", models.CharField(max_length=100, verbose_name="issuer")),
                        ("risk_level", models.PositiveSmallIntegerField(verbose_name="risk level")),
                        ("min_amount", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("step", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("term_days", models.PositiveIntegerField(null=True)),
                        ("open_from", models.DateField(null=True)),
                        ("open_to", models.DateField(null=True)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("on_sale", "On sale"),
                                    ("closed", "Closed"),
                                    ("liquidating", "Liquidating"),
                                    ("matured", "Matured"),
                                ],
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "investor",
                            models.CharField(
                                choices=[
                                    ("any", "Anyone"),
                                    ("qualified", "Qualified investors"),
                                    ("professional", "Professional investors"),
                                ],
                                max_length=12,
                                verbose_name="investor",
                            ),
                        ),
                        ("cooling_off_hours", models.PositiveIntegerField(null=True)),
                        ("fee_rate", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                        ("doc_version", models.CharField(max_length=20)),
                        ("doc_sha256", models.CharField(blank=True, max_length=64)),
                    ],
                    options={
                        "verbose_name": "product",
                        "verbose_name_plural": "products",
                        "constraints": [
                            models.UniqueConstraint(fields=("ta_code", "product_code"), name="product_once"),
                            models.CheckConstraint(
                                condition=models.Q(("risk_level__range", (1, 5))), name="product_risk_level"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="insert_insert",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func='INSERT INTO "market_producthistory" ("as_of", "cooling_off_hours", "doc_sha256", "doc_version", "fee_rate", "id", "investor", "issuer", "kind", "min_amount", "name", "open_from", "open_to", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_code", "risk_level", "status", "step", "ta_code", "term_days") VALUES (NEW."as_of", NEW."cooling_off_hours", NEW."doc_sha256", NEW."doc_version", NEW."fee_rate", NEW."id", NEW."investor", NEW."issuer", NEW."kind", NEW."min_amount", NEW."name", NEW."open_from", NEW."open_to", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."product_code", NEW."risk_level", NEW."status", NEW."step", NEW."ta_code", NEW."term_days"); RETURN NULL;',
                                    hash="24a2cea2bda7bb451d692bcbfa73d9713a367545",
                                    operation="INSERT",
                                    pgid="pgtrigger_insert_insert_369bb",
                                    table="market_product",
                                    when="AFTER",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="update_update",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                                    func='INSERT INTO "market_producthistory" ("as_of", "cooling_off_hours", "doc_sha256", "doc_version", "fee_rate", "id", "investor", "issuer", "kind", "min_amount", "name", "open_from", "open_to", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_code", "risk_level", "status", "step", "ta_code", "term_days") VALUES (NEW."as_of", NEW."cooling_off_hours", NEW."doc_sha256", NEW."doc_version", NEW."fee_rate", NEW."id", NEW."investor", NEW."issuer", NEW."kind", NEW."min_amount", NEW."name", NEW."open_from", NEW."open_to", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."product_code", NEW."risk_level", NEW."status", NEW."step", NEW."ta_code", NEW."term_days"); RETURN NULL;',
                                    hash="78fb1dcb4e8d39778a7d8e4def8ca2fdca82fdae",
                                    operation="UPDATE",
                                    pgid="pgtrigger_update_update_ca8a2",
                                    table="market_product",
                                    when="AFTER",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProductHistory",
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
                                to="market.product",
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
                        ("ta_code", models.CharField(max_length=10)),
                        ("product_code", models.CharField(max_length=20)),
                        ("as_of", models.DateField()),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("cash", "Cash management"),
                                    ("bond_fund", "Bond fund"),
                                    ("mixed_fund", "Mixed fund"),
                                    ("equity_fund", "Equity fund"),
                                    ("certificate", "Income certificate"),
                                    ("asset_plan", "Asset management plan"),
                                    ("private", "Private fund"),
                                    ("wealth", "Wealth product"),
                                    ("data_service", "Data service"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("issuer", models.CharField(max_length=100, verbose_name="issuer")),
                        ("risk_level", models.PositiveSmallIntegerField(verbose_name="risk level")),
                        ("min_amount", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("step", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                        ("term_days", models.PositiveIntegerField(null=True)),
                        ("open_from", models.DateField(null=True)),
                        ("open_to", models.DateField(null=True)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("on_sale", "On sale"),
                                    ("closed", "Closed"),
                                    ("liquidating", "Liquidating"),
                                    ("matured", "Matured"),
                                ],
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "investor",
                            models.CharField(
                                choices=[
                                    ("any", "Anyone"),
                                    ("qualified", "Qualified investors"),
                                    ("professional", "Professional investors"),
                                ],
                                max_length=12,
                                verbose_name="investor",
                            ),
                        ),
                        ("cooling_off_hours", models.PositiveIntegerField(null=True)),
                        ("fee_rate", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                        ("doc_version", models.CharField(max_length=20)),
                        ("doc_sha256", models.CharField(blank=True, max_length=64)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ProductNav",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="navs", to="market.product"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("nav", models.DecimalField(decimal_places=4, max_digits=18)),
                        ("arrived_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("product", "day"), name="product_nav_once")],
                    },
                ),
            ],
        ),
    ]
