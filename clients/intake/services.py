"""The importer's one action: read a file, check it line by line, merge the good lines, report the others."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import Error, connection

from clients.intake import rejects, selectors
from clients.intake.models import ImportRun
from clients.intake.options import Options
from clients.intake.registry import Kind
from clients.intake.taking import Order, Outcome, take
from clients.shared import clock

State = ImportRun.State


def import_file(
    *,
    kind: Kind,
    path: Path,
    options: Options,
    by: str,
    now: datetime,
    reject_file: Path | None = None,
    progress: Callable[[int, int, int], None] | None = None,
) -> Outcome:
    """This will import one file and keep the run; a dry run does the same and changes nothing.

    Raises BadFile when the file as a whole cannot be read, BadUsage when an option does not fit it or
    `reject_file` cannot be written. A wrong header refuses the file: nothing is taken in, the reject file says why.
    """
    if reject_file:
        rejects.check_target(reject_file, path)
    close_dead_runs(now=now)
    if options.dry_run:
        target = reject_file or settings.REJECT_DIR / f"{kind.name}-dry-run.csv"
        return take(Order(kind, path, options, now, target, progress), lambda outcome: None)
    run = ImportRun.objects.create(
        kind=kind.name, file_name=path.name[-255:], options=options.words(), started_at=now, started_by=by
    )
    target = reject_file or settings.REJECT_DIR / f"{kind.name}-{run.pk}.csv"
    with _alive(run):
        return take(Order(kind, path, options, now, target, progress), lambda outcome: _close(run, outcome))


def close_dead_runs(*, now: datetime) -> int:
    """This will mark the runs whose process died as broken off; their number. They have changed nothing."""
    return ImportRun.objects.filter(pk__in=selectors.broken_off()).update(
        state=State.BROKEN_OFF, finished_at=now, error="The process ended before the file was taken in."
    )


@contextmanager
def _alive(run: ImportRun) -> Iterator[None]:
    """Hold a lock that tells others this run has a process, and keep in the row how it ended if it fails."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [selectors.ALIVE, run.pk])
    try:
        yield
    except Exception as error:
        _end(run, State.FAILED, error)
        raise
    except BaseException as error:  # Ctrl-C
        _end(run, State.BROKEN_OFF, error)
        raise
    finally:
        with suppress(Error), connection.cursor() as cursor:  # a lost connection has let it go already
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [selectors.ALIVE, run.pk])


def _close(run: ImportRun, outcome: Outcome) -> None:
    run.state = State.REFUSED if outcome.refused else State.DONE
    run.finished_at, run.error = clock.now(), outcome.refused
    for name in ("lines", "accepted", "unchanged", "rejected", "money", "clients", "codes", "notes", "sha256"):
        setattr(run, name, getattr(outcome, name))
    run.reject_file = outcome.reject_file
    run.save()


def _end(run: ImportRun, state: str, error: BaseException) -> None:
    with suppress(Error):  # without a connection the next import finds the run broken off
        ImportRun.objects.filter(pk=run.pk).update(
            state=state, finished_at=clock.now(), error=f"{type(error).__name__}: {error}"[:2000]
        )
