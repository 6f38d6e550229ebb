"""The benchmarks: what they give back, and how a wrong command line is refused."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from bench import importing
from bench.cpu import postmaster_of, spent
from bench.result import NotMeasured, Result


@pytest.mark.django_db(transaction=True)
def test_the_import_is_measured_against_a_copy_of_the_same_file(tmp_path: Path) -> None:
    result = importing.measure(tmp_path, clients=4)

    assert result.name == "import"
    assert set(result.ratios) == {"import_vs_copy", "import_vs_copy_small", "peak_memory_large_vs_small"}
    assert [result.facts[size]["lines"] for size in ("small", "large")] == [200, 2000]
    assert list(tmp_path.iterdir()) == []


def test_the_server_s_work_is_counted(db: None) -> None:
    connection.ensure_connection()
    with spent(postmaster_of(connection.connection.info.backend_pid)) as measured, connection.cursor() as cursor:
        cursor.execute("SELECT sum(sqrt(i)) FROM generate_series(1, 2000000) i")

    assert measured.server > measured.own


def test_the_command_prints_one_json_object(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int | None] = []

    def run(*, clients: int | None) -> Result:
        asked.append(clients)
        return Result("import", {"import_vs_copy": 4.0}, {"copy": 1.0}, {"lines": 5})

    monkeypatch.setattr(importing, "run", run)
    out = StringIO()
    call_command("bench", "import", "--clients", "7", "--json", stdout=out)

    assert asked == [7]
    assert json.loads(out.getvalue()) == {
        "name": "import", "ratios": {"import_vs_copy": 4.0}, "cpu_s": {"copy": 1.0}, "facts": {"lines": 5},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"), [(["importt"], "There is no benchmark"), (["import", "--clients", "0"], "at least 1")]
)
def test_bad_usage_is_a_message(words: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message) as refusal:
        call_command("bench", *words)

    assert refusal.value.returncode == 2


@pytest.mark.parametrize(
    ("fault", "message", "code"),
    [(NotMeasured("2 of 5 lines were accepted"), "2 of 5", 1), (KeyboardInterrupt(), "Broken off", 130)],
)
def test_what_ends_a_benchmark_is_a_message(
    monkeypatch: pytest.MonkeyPatch, fault: BaseException, message: str, code: int
) -> None:
    def run(*, clients: int | None) -> Result:
        raise fault

    monkeypatch.setattr(importing, "run", run)

    with pytest.raises(CommandError, match=message) as refusal:
        call_command("bench", "import")

    assert refusal.value.returncode == code
