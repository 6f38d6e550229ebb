"""Nothing that says who a person is enters the lake: neither by name of a column nor by value."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from django.db import connection

from clients.lake import manifest as manifests
from clients.lake import registry
from clients.lake.mirroring import mirror_day
from clients.lake.reading import relation
from clients.ledger.models import CashFlow
from clients.register.models import Client
from tests import factories as make

# What identifies besides Client.personal_fields: numbers of contracts with us, cards, documents, look-up columns.
NUMBERS = ("client_no", "account_no", "fund_account", "unified_account", "bank_card_tail", "user_id", "name_pinyin")
SECRETS = {
    "client_no": "C9876543",
    "name": "Rumpelstilzchen",
    "name_pinyin": "rumpel stilzchen",
    "id_no": "110101199003070011",
    "mobile": "13812345678",
    "email": "rumpel@example.org",
    "address": "Dunkler Wald 1",
    "occupation": "Goldspinner",
    "unified_account": "180000000042",
    "birth_date": date(1990, 3, 7),
}


def test_no_mirror_has_a_column_for_it() -> None:
    forbidden = {*Client.personal_fields, *NUMBERS}
    securities_may_have = {"securities": {"name"}}  # the name of a company, not of a person

    found = {
        (mirror.table, column)
        for mirror in registry.mirrors()
        for column in mirror.columns
        if column in forbidden - securities_may_have.get(mirror.table, set()) or column.endswith("_index")
    }

    assert len(registry.mirrors()) >= 11
    assert found == set()


@pytest.mark.django_db
def test_every_mirror_gives_exactly_the_columns_it_declares() -> None:
    params = {"day": make.DAY, "days": [make.DAY], "cutoff": datetime.now(UTC)}

    with connection.cursor() as cursor:
        for mirror in registry.mirrors():
            cursor.execute(f"SELECT * FROM ({mirror.sql}) AS rows LIMIT 0", params)
            assert [column.name for column in cursor.description] == list(mirror.columns), mirror.table
            assert mirror.columns["id"] == "BIGINT", mirror.table


@pytest.mark.django_db
def test_no_value_of_it_is_in_any_file(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    person = make.client(**SECRETS, login=False)
    make.account(person, account_no="A000777888", fund_account="100777888", bank="ICBC", bank_card_tail="4242")
    make.position(person)
    make.cash(person, 10, kind=CashFlow.Kind.BANK_IN, memo="von Rumpelstilzchen, 13812345678", bank="ICBC")
    secrets = [*(str(value) for value in SECRETS.values()), "A000777888", "100777888", "4242", "ICBC", "1990"]

    mirror_day(day=make.DAY, cutoff=datetime.now(UTC))

    texts = [line for table in tables(lake) for line in values(con, table)]
    assert f"'client_id': {person.pk}" in " ".join(texts)  # the files do speak of him
    assert [(secret, line) for line in texts for secret in secrets if secret in line] == []


def tables(lake: Path) -> list[str]:
    """All tables of the lake."""
    return sorted(folder.name for folder in lake.iterdir() if not folder.name.startswith("."))


def values(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Every row of a table as text; moments are left out, their fractions look like any number."""
    con.execute(f"CREATE OR REPLACE TEMP VIEW t AS SELECT * FROM {relation(table, manifests.days(table))}")
    columns = [row[0] for row in con.execute("DESCRIBE t").fetchall() if not row[1].startswith("TIMESTAMP")]
    rows = con.execute(f"SELECT {', '.join(columns)} FROM t").fetchall()
    return [str(dict(zip(columns, row, strict=True))) for row in rows]
