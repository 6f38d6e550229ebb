"""Reading the lake with DuckDB in this process: bounded memory, Shanghai time, and no file outside the lake.

    with open_lake() as con:
        view(con, "trades", days)
        con.execute("SELECT …")

A view names the exact files of the versions published when it was made (see `publishing` for how long they stay).
"""

import os
import tempfile
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path

import duckdb
from django.conf import settings

from clients.lake import manifest as manifests
from clients.lake import paths, registry, scratch
from clients.lake.manifest import Manifest

DAY_FOLDER = r"/day=(\d{4}-\d\d-\d\d)/"


class NotInLake(LookupError):
    """None of the days asked for is published, and nobody declared what columns the table has."""


_kept: ContextVar[tuple[Path, duckdb.DuckDBPyConnection] | None] = ContextVar("_kept", default=None)


@contextmanager
def open_lake() -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a DuckDB connection over the lake. It reads and writes below LAKE_DIR and the system's temporary folder.

    LAKE_MEMORY (such as 4GB) and LAKE_THREADS bound it; what does not fit spills into a folder of its own.
    """
    kept = _kept.get()
    if kept is not None and kept[0] == paths.root():
        con = kept[1].cursor()  # its temporary tables, views and macros are its own
    elif settings.LAKE_SHARED:
        con = _shared.cursor()
    else:
        with _database() as con:
            yield con
        return
    try:
        con.execute(f"SET TimeZone = '{settings.TIME_ZONE}'")
        yield con
    finally:
        con.close()


class _Shared:
    """The database that all pages of one process share (LAKE_SHARED), opened by the first that asks for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened: tuple[int, Path] | None = None
        self._stack = ExitStack()
        self._of_parent: list[ExitStack] = []

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection of its own to it. A process that was forked, and another lake, open their own."""
        wanted = (os.getpid(), paths.root())
        with self._lock:
            if self._opened != wanted:
                self._leave()
                self._con = self._stack.enter_context(_database())
                # Files of a version never change, so what their footers say is read once: pages ask the same few files.
                self._con.execute("SET GLOBAL parquet_metadata_cache = true")
                self._opened = wanted
            return self._con.cursor()

    def _leave(self) -> None:
        if self._opened and self._opened[0] != os.getpid():
            self._of_parent.append(self._stack)  # opened by the parent, and so the parent's to close
            self._stack = ExitStack()
        self._stack.close()


_shared = _Shared()


@contextmanager
def kept_open() -> Iterator[None]:
    """Let whatever opens the lake meanwhile share one database: opening one takes a twentieth of a second.

    For work that opens the lake hundreds of times in one process; all of it is bounded by LAKE_MEMORY together. Where
    the process shares one anyway (LAKE_SHARED), that is the one.
    """
    if settings.LAKE_SHARED:
        yield
        return
    with _database() as con:
        token = _kept.set((paths.root(), con))
        try:
            yield
        finally:
            _kept.reset(token)


@contextmanager
def _database() -> Iterator[duckdb.DuckDBPyConnection]:
    with scratch.folder() as spill:
        con = duckdb.connect(
            config={
                "threads": settings.LAKE_THREADS,
                "memory_limit": settings.LAKE_MEMORY,
                "temp_directory": str(spill),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            }
        )
        try:
            con.execute(f"SET TimeZone = '{settings.TIME_ZONE}'")
            allowed = ", ".join(paths.quoted(place) for place in (paths.root(), Path(tempfile.gettempdir())))
            con.execute(f"SET allowed_directories = [{allowed}]")
            con.execute("SET enable_external_access = false")
            yield con
        finally:
            con.close()


def view(
    con: duckdb.DuckDBPyConnection,
    table: str,
    days: Iterable[date],
    *,
    name: str = "",
    part: str | None = None,
    where: str = "TRUE",
) -> None:
    """Make a temporary view (called as the table unless `name` is given) of the published rows of these days."""
    rows = relation(table, days, part=part)
    con.execute(f'CREATE OR REPLACE TEMP VIEW "{name or table}" AS SELECT * FROM {rows} WHERE {where}')


def relation(table: str, days: Iterable[date], *, part: str | None = None, names: Collection[str] | None = None) -> str:
    """Return SQL for the published rows of these days; a day that is not published has none.

    `part` reads one bucket only. Columns declared by the table's owner are always there: NULL in files that are
    older than the column. Of `names`, when they are given, it has only those that are there: a statement over a few of
    hundreds of columns is planned sooner. Raises NotInLake when there is neither a file nor a declaration.
    """
    found = manifests.of_days(table, days)
    declared = registry.columns(table) or (found[-1].columns if found else None)
    if declared is None:
        raise NotInLake(f"The lake has no {table} for these days.")
    if names is not None:
        declared = {name: kind for name, kind in declared.items() if name in names}
    files = [file for manifest in found for file in manifest.files(part)]
    if not files:
        return empty(declared)
    return _from_files(files=[paths.quoted(file) for file in files], found=found, declared=declared)


def dated(table: str, days: Iterable[date], columns: Mapping[str, str]) -> str:
    """Return SQL for these columns of the published rows, with the day that each lies under as `lake_day`.

    A column that a day's files do not have is NULL there. For windows of many days: files of one layout are opened
    together, so that nothing but the columns asked for is looked at in any of them.
    """
    layouts: dict[tuple[str, ...], list[Path]] = {}
    for found in manifests.of_days(table, days):
        layout = tuple(found.columns.get(name, "") for name in columns)
        layouts.setdefault(layout, []).extend(found.files())
    parts = [_dated(files, columns, layout) for layout, files in layouts.items() if files]
    return f"({' UNION ALL '.join(parts)})" if parts else empty({"lake_day": "DATE", **columns})


def _dated(files: list[Path], columns: Mapping[str, str], layout: tuple[str, ...]) -> str:
    typed = zip(columns.items(), layout, strict=True)
    items = [f'CAST({_column(name, there)} AS {kind}) AS "{name}"' for (name, kind), there in typed]
    day = f"CAST(regexp_extract(filename, '{DAY_FOLDER}', 1) AS DATE) AS lake_day"
    listed = ", ".join(paths.quoted(file) for file in files)
    rows = f"read_parquet([{listed}], filename = true, hive_partitioning = false)"
    return f"SELECT {', '.join([day, *items])} FROM {rows}"


def _column(name: str, there: str) -> str:
    return f'"{name}"' if there else "NULL"


def empty(columns: Mapping[str, str]) -> str:
    """Return SQL for no rows with these columns."""
    items = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in columns.items())
    return f"(SELECT {items} WHERE FALSE)"


def _from_files(*, files: list[str], found: list[Manifest], declared: Mapping[str, str]) -> str:
    layouts = [set(manifest.columns) for manifest in found]
    present = set().union(*layouts)
    items = ", ".join(
        f'"{name}"' if name in present else f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in declared.items()
    )
    # Merging by name opens every file before the query: only where the files differ.
    mixed = any(dict(manifest.columns) != dict(found[0].columns) for manifest in found)
    # A column may be called `day`, like the folders, and yet say something else.
    options = f"union_by_name = {mixed}, hive_partitioning = false"
    return f"(SELECT {items} FROM read_parquet([{', '.join(files)}], {options}))"
