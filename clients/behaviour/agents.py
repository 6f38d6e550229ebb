"""What a User-Agent tells of the device, its system and the browser; what it does not tell stays unknown.

provide(con, "SELECT DISTINCT agent FROM …")     # the temporary table `agents`: agent, device, os, browser
"""

from functools import lru_cache

import duckdb
import ua_parser

from clients.behaviour import tables

KNOWN = 50_000  # User-Agents whose reading is remembered: a branch meets a few thousand
LONGEST = 512  # characters that are looked at
Agent = tuple[str | None, str | None, str | None]
COLUMNS = dict.fromkeys(("agent", "device", "os", "browser"), "VARCHAR")


@lru_cache(maxsize=KNOWN)
def read(agent: str) -> Agent:
    """Return the device, system and browser that a User-Agent names; None for each that it does not."""
    found = ua_parser.parse(agent[:LONGEST])
    parts = (found.device, found.os, found.user_agent)
    device, system, browser = (part.family if part else None for part in parts)
    return device, system, browser


def provide(con: duckdb.DuckDBPyConnection, select: str) -> None:
    """Make the temporary table `agents` of the User-Agents that a SELECT gives, each once; NULL is none."""
    named = [agent for (agent,) in con.execute(select).fetchall() if agent is not None]
    tables.provide(con, "agents", COLUMNS, ((agent, *read(agent)) for agent in named))
