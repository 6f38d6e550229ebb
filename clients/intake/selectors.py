"""Questions about imports."""

from django.db import connection

from clients.intake.models import ImportRun

# First key of the advisory lock that a run holds in its session: the server drops it when the process is gone.
ALIVE = 0x494D50


def living() -> set[int]:
    """Return the ids of the runs whose process still holds its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = %s", [ALIVE])
        return {pk for (pk,) in cursor.fetchall()}


def broken_off() -> list[int]:
    """Return the ids of the runs that never ended and have no process any more."""
    running = ImportRun.objects.filter(state=ImportRun.State.RUNNING).values_list("pk", flat=True)
    return sorted(set(running) - living())
