"""A web application of one line and a worker's job that never ends, for the proof with real servers."""

import os
import time
from collections.abc import Callable, Iterable

from celery import Celery

celery = Celery("little", broker=os.environ.get("LITTLE_BROKER"))
celery.conf.update(task_acks_late=True, worker_prefetch_multiplier=1, task_ignore_result=True)


@celery.task(name="little.sleep")
def sleep(mark: str) -> None:
    """Say that it has begun, then outlast every polite stop."""
    with open(mark, "w") as file:
        file.write("begun")
    time.sleep(1000)


def app(environment: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer every request."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]
