"""From which region an address comes, where the operator supplies a database of them; otherwise unknown, never guessed.

provide(con, "SELECT DISTINCT ip FROM …")     # the temporary table `regions`: ip, region such as CN-AH (ISO 3166-2)

The database is a file in the MaxMind format (GEOIP_DATABASE). Addresses themselves never come into the lake.
"""

import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import maxminddb
from django.conf import settings

from clients.behaviour import tables

log = logging.getLogger(__name__)
COLUMNS = {"ip": "VARCHAR", "region": "VARCHAR"}


def provide(con: duckdb.DuckDBPyConnection, select: str) -> None:
    """Make the temporary table `regions` of the addresses that a SELECT gives; without a database it is empty."""
    reader = _reader()
    asked = con.execute(select).fetchall() if reader else []
    found = ((ip, _region(reader, ip)) for (ip,) in asked)
    tables.provide(con, "regions", COLUMNS, (row for row in found if row[1]))


def _region(reader: Any, ip: str | None) -> str | None:
    """Return the region, or the country where the database knows no finer; None for what is no address, or unknown."""
    try:
        found = reader.get(ip) if ip else None
    except ValueError:
        return None
    country = ((found or {}).get("country") or {}).get("iso_code")
    parts = (found or {}).get("subdivisions") or [{}]
    region = parts[0].get("iso_code")
    return f"{country}-{region}" if country and region else country


def _reader() -> Any:
    """Return the database as it lies on the disk now; None without one, or when it cannot be read."""
    path = settings.GEOIP_DATABASE
    try:
        return _opened(path, Path(path).stat().st_mtime_ns) if path else None
    except (OSError, maxminddb.InvalidDatabaseError):
        log.exception("GEOIP_DATABASE cannot be read; regions stay unknown")
        return None


@lru_cache(maxsize=1)
def _opened(path: str, _changed: int) -> Any:
    return maxminddb.open_database(path, maxminddb.MODE_MEMORY)
