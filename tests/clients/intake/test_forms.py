"""The same file as CSV, JSON lines and Parquet, plain and packed, is the same file."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from clients.intake import screening
from clients.ledger.models import Trade
from tests.clients.intake.lines import SALE, TRADE
from tests.clients.intake.taking import Take, text

ROWS = [TRADE, SALE, TRADE | {"trade_no": "3", "quantity": "-1"}]


def _objects(folder: Path) -> bytes:
    rows = [{name: float(value) if name == "quantity" else value for name, value in row.items()} for row in ROWS]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def _parquet(folder: Path) -> bytes:
    (folder / "rows.csv").write_text(text(ROWS))
    with duckdb.connect() as db:
        source = f"read_csv('{folder}/rows.csv', all_varchar = true)"
        typed = f"FROM {source} SELECT * REPLACE (CAST(day AS DATE) AS day, CAST(time AS TIMESTAMP) AS time, "
        typed += "CAST(quantity AS DOUBLE) AS quantity, CAST(amount AS DECIMAL(20,2)) AS amount)"
        db.execute(f"COPY ({typed}) TO '{folder}/rows.parquet' (FORMAT parquet)")
    return (folder / "rows.parquet").read_bytes()


FORMS: dict[str, tuple[Callable[[Path], bytes], int]] = {
    "csv": (lambda folder: text(ROWS).encode(), 4),
    "crlf": (lambda folder: text(ROWS).replace("\n", "\r\n").encode(), 4),
    "quoted": (lambda folder: text(ROWS).replace("normal", '"normal"').encode(), 4),
    "jsonl": (_objects, 3),
    "parquet": (_parquet, 4),
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_rows(world: Take, tmp_path: Path, form: str, packed: bool) -> None:
    make, bad_line = FORMS[form]
    content = make(tmp_path)

    taken = world("trades", gzip.compress(content) if packed else content)
    again = world("trades", ROWS)

    assert (taken.counts, again.counts) == ((2, 0, 1), (0, 2, 1))
    assert taken.codes == [(bad_line, "E_RANGE", "quantity")]
    assert taken.rejects[0]["original"].count("600519") == 1
    assert Trade.objects.count() == 2


def test_columns_stand_in_any_order_and_another_delimiter_is_named(world: Take) -> None:
    turned = [dict(reversed(row.items())) for row in ROWS]

    taken = world("trades", text(turned).replace(",", "\t"), delimiter="tab")

    assert taken.counts == (2, 0, 1)


def test_foreign_columns_are_mapped_skipped_and_set(world: Take) -> None:
    foreign = [{"oid": "7", "qty": row["quantity"], **row} for row in ROWS]
    for row in foreign:
        del row["quantity"], row["currency"]

    taken = world("trades", foreign, maps=["qty=quantity"], skips=["oid"], sets=["currency=CNY"])

    assert taken.counts == (2, 0, 1)
    assert taken.codes == [(4, "E_RANGE", "quantity")]


def test_files_that_share_a_database_see_nothing_of_each_other(world: Take) -> None:
    with screening.kept_open():
        first = world("trades", ROWS)
        second = world("trades", [TRADE | {"trade_no": "9"}])

    assert (first.counts, second.counts) == ((2, 0, 1), (1, 0, 0))
    assert Trade.objects.count() == 3
