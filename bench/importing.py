"""`bench import`: a trades file through the importer against a bare COPY of it into a table with the same unique index.

The small file comes first, then one ten times as large: the peak memory of both says whether it is flat.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from bench import cpu, throwaway
from bench.result import NotMeasured, Result
from bench.tradesfile import FIRST_ACCOUNT, SECURITIES, write_elsewhere
from clients.intake.options import Options
from clients.intake.registry import find
from clients.intake.services import import_file

NAME, TITLE = "import", "trade lines through the importer against a bare COPY"
CLIENTS = 10_000  # half a million lines
LARGER = 10
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MASTER = f"""
    TRUNCATE ledger_trade, register_account, register_client, market_security, org_branch CASCADE;
    INSERT INTO org_branch (code, name, path, address, phone) VALUES ('B', 'B', '/1/', '', '');
    INSERT INTO market_security (exchange_id, code, name, short_pinyin, fullname, area, industry, type, board, status,
        lot, tick, unit, t_plus, currency, risk_flag, margin_flag, short_flag, connect_flag)
    SELECT 'SH', (600000 + i)::text, 'S', '', '', '', '', 'stock', 'main', 'listed', 100, 0.01, 1, 1, 'CNY', 'none',
        false, false, false FROM generate_series(0, {SECURITIES - 1}) i;
"""
CLIENTS_SQL = """
    INSERT INTO register_client (client_no, kind, name, name_pinyin, id_type, id_no, id_no_index, sex, nationality,
        mobile, mobile_index, email, email_index, address, occupation, education, income_band, branch_id, status,
        aml_level, tax_residency, unified_account, sensitive, created_at, changed_at)
    SELECT 'C' || i, 'individual', 'N', 'n', '', '', '', '', '', '', '', '', '', '', '', '', '', b.id, 'active', '',
        '', '', false, now(), now() FROM generate_series(0, %(last)s) i, org_branch b
"""
ACCOUNTS_SQL = f"""
    INSERT INTO register_account (kind, market, account_no, client_id, fund_account, main, designated, status,
        opened_on, branch_id, bank, bank_card_tail, depository, permissions, created_at, changed_at)
    SELECT 'fund', 'OTC', ({FIRST_ACCOUNT} + substr(client_no, 2)::int)::text, id, '', true, false, 'normal',
        '2020-01-01', branch_id, '', '', 'none', '{{}}', now(), now() FROM register_client;
    ANALYZE
"""
PEER = """
    DROP TABLE IF EXISTS bench_peer;
    CREATE TABLE bench_peer (
        day date NOT NULL, fund_account varchar(30) NOT NULL, exchange varchar(4) NOT NULL,
        trade_no varchar(40) NOT NULL, side varchar(10) NOT NULL, time timestamptz NOT NULL,
        code varchar(12) NOT NULL, business varchar(12) NOT NULL,
        quantity numeric(20,4) NOT NULL, price numeric(18,4) NOT NULL, amount numeric(20,2) NOT NULL,
        commission numeric(20,2), stamp_tax numeric(20,2), transfer_fee numeric(20,2),
        net_amount numeric(20,2) NOT NULL, currency varchar(3) NOT NULL, channel varchar(10) NOT NULL,
        UNIQUE (day, fund_account, exchange, trade_no, side)
    )
"""


class NotWhole(NotMeasured):
    """The importer did not take the whole file: the figures would mean nothing."""


def run(*, clients: int | None = None) -> Result:
    """Measure in a database of its own on the same server, which is dropped afterwards."""
    with throwaway.database(), tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder), clients=clients or CLIENTS)


def measure(folder: Path, *, clients: int) -> Result:
    """Import a file of `clients` times 50 lines and one ten times as large; compare the CPU with a bare COPY."""
    connection.ensure_connection()
    postmaster = cpu.postmaster_of(connection.connection.info.backend_pid)
    small = _leg(folder / "small.csv", clients, postmaster)
    large = _leg(folder / "large.csv", clients * LARGER, postmaster)
    ratios = {
        "import_vs_copy": _ratio(large),
        "import_vs_copy_small": _ratio(small),
        "peak_memory_large_vs_small": round(large["peak_mb"] / small["peak_mb"], 2),
    }
    seconds = {f"{name}_{size}": leg[f"{name}_cpu_s"] for name in ("copy", "import")
               for size, leg in (("small", small), ("large", large))}  # fmt: skip
    return Result(NAME, ratios, seconds, {"small": small, "large": large})


def _ratio(leg: dict[str, Any]) -> float:
    """Our CPU over the peer's; a server's clock tells nothing below one tick."""
    return round(leg["import_cpu_s"] / max(leg["copy_cpu_s"], 1 / cpu.TICK), 2)


def _leg(file: Path, clients: int, postmaster: int) -> dict[str, Any]:
    lines = write_elsewhere(file, clients=clients)
    _people(clients)
    copied = _copied(file, postmaster)
    with cpu.peak_of(connection.connection.info.backend_pid) as backend, cpu.spent(postmaster) as imported:
        outcome = import_file(kind=find("trades"), path=file, options=Options(), by="bench", now=NOW)
    if outcome.accepted != lines:
        raise NotWhole(f"{outcome.accepted} of {lines} lines were accepted: {outcome.codes}")
    size = file.stat().st_size
    file.unlink()
    return {
        "lines": lines,
        "bytes": size,
        "copy_cpu_s": round(copied.total, 2),
        "import_cpu_s": round(imported.total, 2),
        "import_cpu_s_python": round(imported.own, 2),
        "import_cpu_s_server": round(imported.server, 2),
        "peak_mb": round(cpu.peak_mb(), 1),
        "server_peak_mb": round(backend[0], 1),
    }


def _people(clients: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MASTER)
        cursor.execute("SET session_replication_role = replica")  # no history and no key checks: this is no part of it
        cursor.execute(CLIENTS_SQL, {"last": clients - 1})
        cursor.execute(ACCOUNTS_SQL)
        cursor.execute("SET session_replication_role = origin")


def _copied(file: Path, postmaster: int) -> cpu.Spent:
    with connection.cursor() as cursor, file.open("rb") as lines:
        cursor.execute(PEER)
        with cpu.spent(postmaster) as measured:
            cursor.copy_expert("COPY bench_peer FROM STDIN (FORMAT csv, HEADER)", lines)
        cursor.execute("DROP TABLE bench_peer")
    return measured
