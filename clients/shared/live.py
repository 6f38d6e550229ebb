"""Live pages: channel versions. `bump` says that something changed; what changed is asked by the page itself.

Names are made by the server only: `staff:<id>`, `pool:<id>`, `branch:<id>:board`, `client:<id>:home`.
"""

from django.db import connection, transaction

BUMP = """
INSERT INTO shared_channel (name, version) SELECT name, 1 FROM unnest(%s::text[]) AS name
ON CONFLICT (name) DO UPDATE SET version = shared_channel.version + 1
"""


def bump(*names: str) -> None:
    """Raise the version of each channel after the present transaction commits, and tell whoever listens.

    Sorted, in a statement of its own: two transactions never wait for each other's channel rows.
    """
    ordered = sorted(set(names))
    if ordered:
        transaction.on_commit(lambda: _write(ordered))


def _write(names: list[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BUMP, [names])
        cursor.execute("SELECT pg_notify('live', name) FROM unnest(%s::text[]) AS name", [names])
