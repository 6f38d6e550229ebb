"""The command line: what it prints, its exit status, and that no traceback reaches a person."""

import errno
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from clients.intake import rejects
from clients.intake.models import ImportRun
from clients.ledger.models import Trade
from tests.clients.intake.lines import TRADE
from tests.clients.intake.taking import Take, text


def _run(*words: str) -> str:
    out = StringIO()
    call_command("import", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(world: Take) -> Path:
    path = world.folder / "trades.csv"
    path.write_text(text([TRADE, TRADE | {"trade_no": "2", "quantity": "-1"}]))
    return path


def test_it_prints_the_counts_and_control_figures_and_ends_with_1_when_a_line_is_rejected(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("import", "trades", str(file), stdout=out)

    run = ImportRun.objects.get()
    assert end.value.code == 1
    assert out.getvalue().splitlines() == [
        "trades: 2 lines: 1 accepted, 0 unchanged, 1 rejected",
        "  E_RANGE  1",
        "  sum of money, rejected lines too: 290,000.00",
        "  distinct clients: 1",
        f"  SHA-256: {run.sha256}",
        f"  rejected lines: {run.reject_file}",
    ]
    assert Path(run.reject_file).read_text().splitlines()[0] == "line,code,column,message,original"


def test_a_dry_run_tells_the_same_and_changes_nothing(file: Path) -> None:
    out = StringIO()

    with pytest.raises(SystemExit):
        call_command("import", "trades", str(file), "--dry-run", stdout=out)

    assert out.getvalue().splitlines()[0] == "trades: 2 lines: 1 accepted, 0 unchanged, 1 rejected (dry run)"
    assert not Trade.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_whole_file_ends_without_an_exit_status(world: Take) -> None:
    path = world.folder / "good.csv"
    path.write_text(text([TRADE]))

    printed = _run("trades", str(path))

    assert printed.splitlines()[0] == "trades: 1 lines: 1 accepted, 0 unchanged, 0 rejected"


@pytest.mark.parametrize(
    ("words", "message", "status"),
    [
        (["trade", "x.csv"], "There is no kind 'trade' (did you mean trades?).", 2),
        (["trades", "nowhere.csv"], "There is no file nowhere.csv.", 2),
        (["trades"], "Name the file to import.", 2),
        (["trades", "FILE", "--map", "a"], "'a' cannot be read: write --map THEIRS=OURS.", 2),
        (["trades", "FILE", "--encoding", "utf-7x"], "--encoding utf-7x: there is no such encoding.", 2),
    ],
)
def test_bad_usage_is_a_message(file: Path, words: list[str], message: str, status: int) -> None:
    with pytest.raises(CommandError) as refusal:
        _run(*(str(file) if word == "FILE" else word for word in words))

    assert message in str(refusal.value)
    assert refusal.value.returncode == status
    assert not ImportRun.objects.exclude(state=ImportRun.State.FAILED).exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("trades.csv", "this is the file to import"),
        ("folder", "this is no file"),
        ("trades.csv/rejects.csv", "nothing can be written there"),
        ("n" * 255, "nothing can be written there"),
    ],
)
def test_a_reject_file_that_cannot_be_one_is_bad_usage_and_touches_nothing(file: Path, name: str, words: str) -> None:
    (file.parent / "folder").mkdir()
    before = file.read_bytes(), sorted(file.parent.iterdir())

    with pytest.raises(CommandError, match=words) as refusal:
        _run("trades", str(file), "--reject-file", str(file.parent / name))

    assert refusal.value.returncode == 2
    assert (file.read_bytes(), sorted(file.parent.iterdir())) == before
    assert not ImportRun.objects.exists()


def test_a_reject_file_that_fails_half_way_leaves_no_draft(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> bytes:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(rejects, "shown", full)

    with pytest.raises(CommandError, match="No space left"):
        _run("trades", str(file), "--reject-file", str(file.parent / "rejects.csv"))

    assert [path.name for path in file.parent.iterdir() if "rejects.csv" in path.name] == []
    assert not Trade.objects.exists()


def test_a_file_that_is_nothing_is_a_message(world: Take) -> None:
    path = world.folder / "empty.csv"
    path.write_bytes(b"")

    with pytest.raises(CommandError, match="is empty") as refusal:
        _run("trades", str(path))

    assert refusal.value.returncode == 1
    assert ImportRun.objects.get().state == ImportRun.State.FAILED


def test_it_prints_the_columns_of_a_kind() -> None:
    printed = _run("consents", "--columns").splitlines()

    assert printed[0] == "consents: consents given and withdrawn"
    assert printed[1] == "  client_no            text of at most 20 characters (key, required)"
    assert len(printed) == 7


def test_every_kind_of_the_house_is_there() -> None:
    with pytest.raises(CommandError) as refusal:
        _run("none", "x")

    listed = str(refusal.value).rsplit(": ", 1)[1].rstrip(".").split(", ")
    assert listed == [
        "accounts", "bars", "cashflows", "clients", "consents", "events", "margin", "news", "positions",
        "product_holdings", "products", "quotes", "securities", "security_events", "trades",
    ]  # fmt: skip
