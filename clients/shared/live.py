"""Live pages: channel versions. `bump` says that something changed; what changed is asked by the page itself.

Names are made by the server only: `staff:<id>`, `pool:<id>`, `branch:<id>:board`, `client:<id>:home`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

BUMP = """
INSERT INTO shared_channel (name, version) SELECT name, 1 FROM unnest(%s::text[]) AS name
ON CONFLICT (name) DO UPDATE SET version = shared_channel.version + 1
"""
_gathered: ContextVar[set[str] | None] = ContextVar("gathered", default=None)


def bump(*names: str) -> None:
    """Raise the version of each channel after the present transaction commits, and tell whoever listens.

    Sorted, in a statement of its own: two transactions never wait for each other's channel rows.
    """
    if (gathered := _gathered.get()) is not None:
        gathered.update(names)
        return
    ordered = sorted(set(names))
    if ordered:
        transaction.on_commit(lambda: _write(ordered))


@contextmanager
def gathered() -> Iterator[None]:
    """Let what is bumped within the block be bumped once at its end, for a transaction that changes very much.

    A channel of something that was taken back in between is bumped too: whoever looks at it finds what he has seen.
    """
    token = _gathered.set(set())
    try:
        yield
        names = _gathered.get() or set()
    finally:
        _gathered.reset(token)
    bump(*names)


def _write(names: list[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BUMP, [names])
        cursor.execute("SELECT pg_notify('live', name) FROM unnest(%s::text[]) AS name", [names])
