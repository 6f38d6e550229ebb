"""Lines of a web server's log, and what became of them."""

from typing import Any

from clients.lake.reading import open_lake, relation
from tests.clients.behaviour.test_kinds import DAY

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
PHONE += "Version/17.0 Mobile/15E148 Safari/604.1"
ADDRESS = "203.0.113.77"


def line(
    target: str = "/",
    *,
    host: str = ADDRESS,
    user: str = "-",
    at: str = "20/Nov/2026:10:02:31 +0800",
    request: str = "",
    status: int = 200,
    referrer: str = "-",
    agent: str = PHONE,
    more: str = "",
) -> str:
    """Return one line of a log in the combined format."""
    asked = request or f"GET {target} HTTP/1.1"
    return f'{host} - {user} [{at}] "{asked}" {status} 5120 "{referrer}" "{agent}"{more}\n'


def rows(columns: str) -> list[tuple[Any, ...]]:
    """Return columns of what lies in the lake, in the order in which it happened."""
    with open_lake() as con:
        lake = relation("events", [DAY])
        return con.execute(f"SELECT {columns} FROM {lake} AS events ORDER BY happened_at, message_id").fetchall()
