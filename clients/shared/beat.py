"""Beat writes rows: each schedule that comes due becomes a Job row, and its message carries only the row's id."""

from typing import Any

from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler

from clients.shared import clock, queue


class RowScheduler(DatabaseScheduler):
    """The scheduler of django-celery-beat, putting jobs in line instead of sending them.

    What comes due while no worker runs waits as one row, however often it came due.
    """

    def update_from_dict(self, mapping: dict[str, Any]) -> None:
        """Take over only what the record does not have yet: what was edited in the admin wins over the timetable."""
        known = set(PeriodicTask.objects.values_list("name", flat=True))
        super().update_from_dict({name: entry for name, entry in mapping.items() if name not in known})

    def apply_async(self, entry: Any, producer: Any = None, advance: bool = True, **kwargs: Any) -> None:
        """Put the entry's task in line with its first argument."""
        if advance:
            entry = self.reserve(entry)
        queue.enqueue(entry.task, entry.args[0] if entry.args else "", now=clock.now())
