"""What a User-Agent tells of the device, its system and the browser; what it does not tell stays unknown.

provide(con, "SELECT DISTINCT agent FROM …")     # the temporary table `agents`: agent, device, os, browser
"""

import json
from functools import lru_cache

import duckdb
import ua_parser

from clients.lake import paths, scratch

KNOWN = 50_000  # User-Agents whose reading is remembered: a branch meets a few thousand
LONGEST = 512  # characters that are looked at
Agent = tuple[str | None, str | None, str | None]
LAYOUT = "{agent: 'VARCHAR', device: 'VARCHAR', os: 'VARCHAR', browser: 'VARCHAR'}"


@lru_cache(maxsize=KNOWN)
def read(agent: str) -> Agent:
    """Return the device, system and browser that a User-Agent names; None for each that it does not."""
    found = ua_parser.parse(agent[:LONGEST])
    parts = (found.device, found.os, found.user_agent)
    device, system, browser = (part.family if part else None for part in parts)
    return device, system, browser


def provide(con: duckdb.DuckDBPyConnection, select: str) -> None:
    """Make the temporary table `agents` of the User-Agents that a SELECT gives, each once; NULL is none."""
    with scratch.folder() as folder:
        file = folder / "agents.json"
        with file.open("w", encoding="utf-8") as out:
            for (agent,) in con.execute(select).fetchall():
                if agent is not None:
                    device, system, browser = read(agent)
                    row = {"agent": agent, "device": device, "os": system, "browser": browser}
                    out.write(json.dumps(row) + "\n")
        rows = f"read_json({paths.quoted(file)}, format = 'newline_delimited', columns = {LAYOUT})"
        con.execute(f"CREATE OR REPLACE TEMP TABLE agents AS SELECT * FROM {rows}")
