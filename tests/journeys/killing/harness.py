"""Lives a day in a process of its own and dies by SIGKILL where it is told; then another process lives it again.

    python -m tests.journeys.killing.harness BASE_DATABASE FOLDER POINT…

makes for each point a copy of the database and of the lake, forks a child that is killed there, forks a second one
that runs the day to its end, and prints one JSON object: point → what the day left (see `outcome`). The point `twin`
is never killed. Everything here is real: processes, signals, database, files.
"""

import importlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

# Django has to be set up before its models can be imported.
from django.conf import settings  # noqa: E402
from django.db import connection, connections  # noqa: E402

from portal.operations import day as business  # noqa: E402
from tests.journeys.killing.points import POINTS, Point  # noqa: E402

DAY = date(2026, 11, 20)
TWIN = "twin"
# Numbers and moments differ between two runs of the same day; everything else must not.
OUTCOME = {
    "hits": "SELECT s.code, c.name, h.occurrence, h.stage, h.stopped_by, h.arm, h.evidence FROM strategies_hit h"
    " JOIN strategies_strategy s ON s.id = h.strategy_id JOIN register_client c ON c.id = h.client_id ORDER BY 1, 2, 3",
    "messages": "SELECT c.name, m.title, m.body, m.why FROM inbox_message m JOIN register_client c"
    " ON c.id = m.client_id ORDER BY 1, 2",
    "tasks": "SELECT c.name, t.kind, t.strategy_code, t.occurrence, t.state, t.why FROM taskqueue_task t"
    " JOIN register_client c ON c.id = t.client_id ORDER BY 1, 2, 3",
    "touches": "SELECT c.name, t.channel, t.purpose FROM register_touch t JOIN register_client c ON c.id = t.client_id"
    " ORDER BY 1, 2, 3",
    "facts": "SELECT f.kind, c.name FROM behaviour_businessfact f JOIN register_client c ON c.id = f.client_id"
    " ORDER BY 1, 2",
    "funnel": "SELECT s.code, f.step, f.reason, f.n FROM strategies_funnel f JOIN strategies_strategyversion v"
    " ON v.id = f.version_id JOIN strategies_strategy s ON s.id = v.strategy_id ORDER BY 1, 2, 3",
    "outcomes": "SELECT c.name, o.window_end::text, o.value, o.metrics, o.corrects_id IS NULL FROM outcomes_outcome o"
    " JOIN strategies_hit h ON h.id = o.hit_id JOIN register_client c ON c.id = h.client_id ORDER BY 1, 2",
    "effects": "SELECT branch_id IS NULL, day::text, treated_n, treated_x, state FROM outcomes_effectsnapshot"
    " ORDER BY 1",
    "rates": "SELECT family, strategy_id IS NULL, segment, rate, trials, counted_on::text FROM strategies_goalrate"
    " ORDER BY 1, 2, 3",
    "rollouts": "SELECT s.code, s.status, r.order, r.started_on::text, r.drawn, j.day::text, j.answer, j.reason"
    " FROM strategies_rolloutstep r JOIN strategies_strategyversion v ON v.id = r.version_id"
    " JOIN strategies_strategy s ON s.id = v.strategy_id LEFT JOIN strategies_rolloutjudgement j ON j.step_id = r.id"
    " ORDER BY 1, 3, 6",
    "life": "SELECT s.code, e.kind, e.note FROM strategies_versionevent e JOIN strategies_strategyversion v"
    " ON v.id = e.version_id JOIN strategies_strategy s ON s.id = v.strategy_id WHERE s.code = 'P-1' ORDER BY e.id",
    "runs": "SELECT day::text, slot, attempt, state FROM strategies_run ORDER BY 1, 2, 3",
}


def main(base: str, folder: Path, names: list[str]) -> dict[str, Any]:
    """Return what each point's day left; the twin's under its own name."""
    known = {point.name: point for point in POINTS}
    return {name: one(base, folder, name, known.get(name)) for name in names}


def one(base: str, folder: Path, name: str, point: Point | None) -> dict[str, Any]:
    """Kill a day at `point` (or nowhere), let another process finish it, and say what it left."""
    database, lake = f"{base}_{name.replace('-', '_').lower()}"[:60], folder / name
    copy_database(base, database)
    shutil.copytree(folder / "lake", lake)
    if point:
        status = in_child(lambda: live(database, lake, point))
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            return {"error": f"the day was not killed at {name}: status {status}"}
    status = in_child(lambda: live(database, lake, None))
    return outcome(database) if status == 0 else {"error": f"the second process ended with {status}"}


def copy_database(source: str, target: str) -> None:
    """Make a database that is a copy of another, which nobody may be connected to."""
    use("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{target}"')
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    connections.close_all()


def in_child(work: Callable[[], None]) -> int:
    """Run `work` in a forked process; returns its wait status."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException as fault:
            print(f"{type(fault).__name__}: {fault}", file=sys.stderr)
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1]


def live(database: str, lake: Path, point: Point | None) -> None:
    """Live the day; with a point, die there."""
    use(database)
    settings.LAKE_DIR = lake
    if point:
        arm(point)
    now = datetime.now(UTC)
    for step in business.STEPS:
        getattr(business, step.name)(DAY, now)  # looked up by name, because a point may have wrapped it


def arm(point: Point) -> None:
    """Wrap the point's function so that its n-th call kills this process."""
    module = importlib.import_module(point.module)
    original, calls = getattr(module, point.function), iter(range(1, 1_000_000))

    def deadly(*args: Any, **kwargs: Any) -> Any:
        now = next(calls) == point.call
        if now and point.before:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = original(*args, **kwargs)
        if now:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(module, point.function, deadly)


def outcome(database: str) -> dict[str, Any]:
    """What the day left, without numbers and moments."""
    use(database)
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for name, sql in OUTCOME.items():
            cursor.execute(sql)
            found[name] = [[str(value) for value in row] for row in cursor.fetchall()]
    connections.close_all()
    return found


def use(database: str) -> None:
    """Point Django's connection to another database of the same server."""
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = database
    connection.settings_dict["NAME"] = database


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:]), ensure_ascii=False))
