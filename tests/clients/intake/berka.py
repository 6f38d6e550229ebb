"""Turns the files of a Czech bank (PKDD'99) into our shapes: `;`, YYMMDD, no names, one account a client.

What the bank does not tell is invented in the plainest way: everybody is called after his number. A birth number
hides the sex: women have 50 added to the month. Balances are left out: within a day the bank's lines stand in another
order than they were booked, so they make no chain.
"""

import csv
import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path

Row = dict[str, str]
BRANCH = "PRAHA"
KINDS = {"UROK": "interest", "SLUZBY": "fee", "SANKC. UROK": "fee"}  # by what the movement is for


def clients(folder: Path) -> Iterator[Row]:
    """Yield the owners of accounts as clients."""
    owners = {row["client_id"] for row in _rows(folder / "disp.asc.gz") if row["type"] == "OWNER"}
    for row in _rows(folder / "client.asc.gz"):
        if row["client_id"] in owners:
            born, sex = _born(row["birth_number"])
            yield {
                "client_no": f"B{row['client_id']}", "kind": "individual", "name": f"Client {row['client_id']}",
                "id_type": "other", "id_no": row["birth_number"], "birth_date": born.isoformat(), "sex": sex,
                "branch": BRANCH, "opened_on": "1992-12-31", "status": "active",
            }  # fmt: skip


def accounts(folder: Path) -> Iterator[Row]:
    """Yield the accounts with their owners."""
    owner = {row["account_id"]: row["client_id"] for row in _rows(folder / "disp.asc.gz") if row["type"] == "OWNER"}
    for row in _rows(folder / "account.asc.gz"):
        yield {
            "kind": "fund", "market": "OTC", "account_no": row["account_id"],
            "client_no": f"B{owner[row['account_id']]}",
            "main": "1", "status": "normal", "opened_on": _day(row["date"]).isoformat(), "branch": BRANCH,
        }  # fmt: skip


def cashflows(folder: Path, target: Path) -> int:
    """Write the movements; a line that cannot be read keeps its place, shortened as it came. The number of lines."""
    count = 0
    with gzip.open(folder / "trans.asc.gz", "rt", newline="") as lines, target.open("w", newline="") as out:
        names = next(csv.reader([next(lines)], delimiter=";"))
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(
            ["day", "fund_account", "flow_no", "kind", "amount", "balance_after", "currency", "bank", "memo"]
        )
        for line in lines:
            fields = next(csv.reader([line], delimiter=";"))
            row = dict(zip(names, fields, strict=False))
            writer.writerow(_flow(row) if len(fields) == len(names) else fields)
            count += 1
    return count


def _flow(row: Row) -> list[str]:
    incoming = row["type"] == "PRIJEM"
    kind = KINDS.get(row["k_symbol"], "bank_in" if incoming else "bank_out")
    return [
        _day(row["date"]).isoformat(), row["account_id"], row["trans_id"], kind,
        row["amount"] if incoming else f"-{row['amount']}", "", "CZK", row["bank"] or "CZ",
        row["k_symbol"].strip(),
    ]  # fmt: skip


def _rows(file: Path) -> Iterator[Row]:
    with gzip.open(file, "rt", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=";")


def _day(text: str) -> date:
    return date(1900 + int(text[:2]), int(text[2:4]), int(text[4:6]))


def _born(number: str) -> tuple[date, str]:
    month = int(number[2:4])
    return date(1900 + int(number[:2]), month % 50, int(number[4:6])), "F" if month > 50 else "M"
