"""Exchanges, their calendars, board limits and code prefixes: the certain facts every installation begins with."""

import io
from datetime import date

from django.db import migrations

from clients.market import seeds

EXCHANGES = [
    ("SH", "XSHG", "上海证券交易所"),
    ("SZ", "XSHE", "深圳证券交易所"),
    ("BJ", "BJSE", "北京证券交易所"),
    ("HK", "XHKG", "香港联合交易所"),
    ("OTC", "", "场外"),
]
COPY = """COPY market_tradingday (exchange_id, day, is_open, half_day, provisional, number, note, source)
FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL (note))"""
# board, ST, limit, days without limit, from, source
LIMITS = [
    ("main", False, "0.10", 5, date(2023, 4, 10), "main board registration rules"),
    ("main", False, "0.10", 0, date(1996, 12, 16), "limit introduced"),
    ("main", True, "0.05", 0, date(1998, 4, 22), "ST; 10 % was proposed on 2025-06-27, unconfirmed"),
    ("star", False, "0.20", 5, date(2019, 7, 22), "STAR opened"),
    ("star", True, "0.20", 5, date(2019, 7, 22), "STAR opened"),
    ("gem", False, "0.20", 5, date(2020, 8, 24), "ChiNext registration rules"),
    ("gem", True, "0.20", 5, date(2020, 8, 24), "ChiNext registration rules"),
    ("gem", False, "0.10", 0, date(2009, 10, 30), "ChiNext opened"),
    ("bse", False, "0.30", 1, date(2021, 11, 15), "BSE opened"),
    ("bse", True, "0.30", 1, date(2021, 11, 15), "BSE opened"),
]
# DOMAIN 5.1, marked as practice: a fallback when the feed names no board.
PREFIXES = [
    ("SH", "stock", "main", "600 601 603 605"),
    ("SH", "stock", "star", "688 689"),
    ("SH", "stock", "b", "900"),
    ("SH", "etf", "", "510 511 512 513 515 516 517 518 560 561 562 563 588 589"),
    ("SH", "lof", "", "501 502 506"),
    ("SH", "reit", "", "508"),
    ("SH", "cb", "", "110 111 113 118"),
    ("SH", "bond", "", "010 019 020"),
    ("SH", "repo", "", "204"),
    ("SZ", "stock", "main", "000 001 002 003"),
    ("SZ", "stock", "gem", "300 301 302"),
    ("SZ", "stock", "b", "200 201"),  # 201: since one company moved there from another line
    ("SZ", "etf", "", "159"),
    ("SZ", "lof", "", "160 161 162 163 164 165 166 167 168 169"),
    ("SZ", "reit", "", "180"),
    ("SZ", "cb", "", "123 127 128"),
    ("SZ", "repo", "", "131"),
    ("BJ", "stock", "bse", "920 43 83 87"),
    ("BJ", "cb", "", "81"),
]


def seed(apps, schema_editor):
    """Write the rows once."""
    exchange = apps.get_model("market", "Exchange")
    exchange.objects.bulk_create(exchange(code=code, mic=mic, name=name) for code, mic, name in EXCHANGES)
    _calendar(schema_editor.connection)
    _boards(apps)


def _calendar(connection):
    """57,000 rows by COPY: made one by one they took most of a test run's start."""
    lines = io.StringIO()
    for code in seeds.FIRST_DAYS:
        for row in seeds.days(code):
            marks = f"{row.is_open:d},{row.half_day:d},{row.provisional:d}"
            lines.write(f"{code},{row.day},{marks},{row.number},,seed\n")
    lines.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(COPY, lines)


def _boards(apps):
    rule, prefix = apps.get_model("market", "BoardRule"), apps.get_model("market", "BoardPrefix")
    rule.objects.bulk_create(
        rule(
            board=board, risk_warned=warned, effective_from=start, limit_ratio=limit, first_days_free=free, source=source
        )
        for board, warned, limit, free, start, source in LIMITS
    )  # fmt: skip
    prefix.objects.bulk_create(
        prefix(exchange_id=exchange, prefix=mark, type=kind, board=board)
        for exchange, kind, board, marks in PREFIXES
        for mark in marks.split()
    )


class Migration(migrations.Migration):
    dependencies = [("market", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
