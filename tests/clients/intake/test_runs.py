"""Every import is a row; the same file twice changes nothing; a killed one leaves nothing but a broken-off run."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.contrib import admin
from django.db import connection
from django.utils import translation

from clients.intake import selectors, services
from clients.intake.admin import ImportRunAdmin
from clients.intake.models import ImportRun
from clients.ledger.models import Trade
from tests.clients.intake.lines import SALE, TRADE
from tests.clients.intake.taking import NOW, Take, text
from tests.clients.intake.world import furnish


def test_the_run_keeps_what_the_command_prints(world: Take) -> None:
    taken = world("trades", [TRADE, SALE, TRADE | {"trade_no": "9", "code": "699999"}])

    run = ImportRun.objects.get()
    assert (run.kind, run.state, run.started_by, run.started_at) == ("trades", "done", "tester", NOW)
    assert (run.lines, run.accepted, run.unchanged, run.rejected) == (3, 2, 0, 1)
    assert (str(run.money), run.clients, run.codes) == ("435000.00", 1, {"E_NO_SECURITY": 1})
    assert run.sha256 == taken.outcome.sha256
    assert run.reject_file == taken.outcome.reject_file
    assert run.finished_at is not None


def test_the_same_file_twice_changes_nothing(world: Take) -> None:
    first = world("trades", [TRADE, SALE])
    ids = list(Trade.objects.values_list("pk", "arrived_at"))

    second = world("trades", [TRADE, SALE])

    assert (first.counts, second.counts) == ((2, 0, 0), (0, 2, 0))
    assert list(Trade.objects.values_list("pk", "arrived_at")) == ids


def test_the_reject_file_is_its_owner_s_alone(world: Take) -> None:
    taken = world("trades", [TRADE | {"quantity": "0"}])

    assert stat.S_IMODE(Path(taken.outcome.reject_file).stat().st_mode) == 0o600


def test_nothing_is_left_of_the_work(world: Take) -> None:
    world("trades", [TRADE])

    assert list((django_settings.VAR / "intake").iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    furnish()
    file = tmp_path / "trades.csv"
    file.write_text(text([TRADE | {"trade_no": str(i)} for i in range(500)]))
    with connection.cursor() as cursor:  # the merge waits for us, and is killed while it waits
        cursor.execute("BEGIN; LOCK TABLE ledger_trade IN EXCLUSIVE MODE")
        process = _import(file, tmp_path)
        _until(_waiting)
        process.send_signal(signal.SIGKILL)
        process.wait()
        cursor.execute("ROLLBACK")
    _until(lambda: bool(selectors.broken_off()))

    ended = services.close_dead_runs(now=NOW)

    run = ImportRun.objects.get()
    assert (ended, run.state, run.accepted) == (1, ImportRun.State.BROKEN_OFF, 0)
    assert not Trade.objects.exists()
    assert _import(file, tmp_path).wait() == 0
    assert Trade.objects.count() == 500
    assert list((tmp_path / "var" / "intake").iterdir()) == []


def _import(file: Path, folder: Path) -> subprocess.Popen[bytes]:
    name = connection.settings_dict["NAME"]
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    environment = os.environ | {"DATABASE_URL": address, "WANGTING_VAR": str(folder / "var")}
    command = [sys.executable, "manage.py", "import", "trades", str(file)]
    return subprocess.Popen(command, env=environment, cwd=django_settings.BASE_DIR, stdout=subprocess.DEVNULL)


def _waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'ledger_trade'::regclass")
        return cursor.fetchone()[0] > 0


def _until(met: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def test_the_list_of_runs_shows_a_run_without_a_process_as_broken_off(db: None) -> None:
    dead = ImportRun.objects.create(kind="trades", file_name="x", started_at=NOW, started_by="tester")
    page = ImportRunAdmin(ImportRun, admin.site)

    with connection.cursor() as cursor, translation.override("en"):
        before = page.shown_state(dead)
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [selectors.ALIVE, dead.pk])
        alive = page.shown_state(dead)
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [selectors.ALIVE, dead.pk])

    assert (before, alive) == ("Broken off", "Running")
