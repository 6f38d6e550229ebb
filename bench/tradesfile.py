"""A trades file of any size: invented executions that pass every check, over twenty trading days.

`python -m bench.tradesfile FILE CLIENTS` writes one in a process of its own, so that its memory is not counted.
"""

import subprocess
import sys
from pathlib import Path

import duckdb

TRADES_OF_A_CLIENT = 50
SECURITIES = 300
FIRST_DAY = "2026-10-12"  # a Monday; four whole weeks follow
FIRST_ACCOUNT = 100_000_000
SQL = """
    WITH line AS (
        SELECT i, (i * 20) // {lines} AS d, hash(i * 7 + 1) % {clients} AS account,
            hash(i * 13 + 5) % {securities} AS s, (hash(i * 3) % 50 + 1) * 100 AS quantity,
            (hash(i * 11) % 20000 + 500)::DECIMAL(18,2) / 100 AS price,
            hash(i * 17) % 2 = 1 AS sold
        FROM range({lines}) r(i)
    ), priced AS (
        SELECT *, DATE '{first}' + (d // 5 * 7 + d % 5)::INT AS day, (quantity * price)::DECIMAL(20,2) AS amount,
            CASE WHEN sold THEN (quantity * price * 0.0005)::DECIMAL(20,2) ELSE 0 END::DECIMAL(20,2) AS tax
        FROM line
    )
    SELECT day, ({account} + account)::VARCHAR AS fund_account, 'SH' AS exchange, lpad(i::VARCHAR, 10, '0') AS trade_no,
        CASE WHEN sold THEN 'sell' ELSE 'buy' END AS side,
        strftime(day + to_seconds(34200 + i % 7000), '%Y-%m-%dT%H:%M:%S') AS time, (600000 + s)::VARCHAR AS code,
        'normal' AS business, quantity, price::DECIMAL(18,4) AS price, amount, 5.00::DECIMAL(20,2) AS commission,
        tax AS stamp_tax, 0.10::DECIMAL(20,2) AS transfer_fee,
        (amount + CASE WHEN sold THEN -(5.10 + tax) ELSE 5.10 END)::DECIMAL(20,2) AS net_amount, 'CNY' AS currency,
        'app' AS channel
    FROM priced
"""


def write_trades(target: Path, *, clients: int) -> int:
    """Write the trades of so many clients as CSV and return the number of lines."""
    lines = clients * TRADES_OF_A_CLIENT
    sql = SQL.format(lines=lines, clients=clients, securities=SECURITIES, first=FIRST_DAY, account=FIRST_ACCOUNT)
    with duckdb.connect(config={"threads": 1}) as db:
        db.execute(f"COPY ({sql}) TO '{target}' (FORMAT csv, HEADER)")
    return lines


def write_elsewhere(target: Path, *, clients: int) -> int:
    """Do the same in another process."""
    subprocess.run([sys.executable, "-m", __name__, str(target), str(clients)], check=True)
    return clients * TRADES_OF_A_CLIENT


if __name__ == "__main__":
    write_trades(Path(sys.argv[1]), clients=int(sys.argv[2]))
