"""The files of the branch that lives: the same with the same seed, taken up from any day, whole or not there."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.demo.life import files
from portal.demo.life.plan import Plan
from portal.demo.life.replay import BadBars, Replay
from portal.demo.life.world import World

pytestmark = pytest.mark.django_db
PLAN = Plan(clients=60, days=3, seed=7, last=date(2026, 11, 20))


def lived(base: Path, plan: Plan = PLAN) -> World:
    """The past and the first lived day, in one go."""
    world = World(plan)
    files.write_past(base, world)
    files.write_day(base, world, plan.lived()[0], plan.past()[-1])
    return world


def contents(base: Path, day: date | None) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for _kind, path in files.written(base, day)}


def test_the_same_seed_writes_the_same_files_and_another_seed_does_not(tmp_path: Path) -> None:
    lived(tmp_path / "a")
    lived(tmp_path / "b")
    lived(tmp_path / "c", Plan(60, 3, 8, PLAN.last))

    assert contents(tmp_path / "a", None) == contents(tmp_path / "b", None)
    assert contents(tmp_path / "a", PLAN.lived()[0]) == contents(tmp_path / "b", PLAN.lived()[0])
    assert contents(tmp_path / "a", None)["trades-01.csv"] != contents(tmp_path / "c", None)["trades-01.csv"]


def test_a_world_that_is_taken_up_lives_the_next_day_as_the_other_one_does(tmp_path: Path) -> None:
    first, second, _third = PLAN.lived()
    world = lived(tmp_path / "a")
    lived(tmp_path / "b")
    taken_up = World(PLAN)
    taken_up.restore(files.folder_of(tmp_path / "b", first))

    files.write_day(tmp_path / "a", world, second, first)
    files.write_day(tmp_path / "b", taken_up, second, first)

    assert contents(tmp_path / "a", second) == contents(tmp_path / "b", second)


def test_files_come_in_import_order_and_those_of_a_day_that_failed_are_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any) -> Any:
        raise OSError("no space left on the device")

    lived(tmp_path)
    kinds = list(dict.fromkeys(kind for kind, _path in files.written(tmp_path, None)))
    monkeypatch.setattr(files.lines, "positions", fails)

    with pytest.raises(OSError, match="no space"):
        files.write_day(tmp_path, World(PLAN), PLAN.lived()[1], PLAN.lived()[0])

    assert kinds == [kind for kind in files.KINDS if kind in kinds]
    assert {"securities", "bars", "clients", "accounts", "trades", "positions", "events"} <= set(kinds)
    assert files.written(tmp_path, PLAN.lived()[1]) == []


def test_a_pull_makes_a_client_act_more(tmp_path: Path) -> None:
    calm, moved = lived(tmp_path / "a"), lived(tmp_path / "b")
    first, second, _third = PLAN.lived()
    for one in moved.households:
        moved.pull(one.resident.client_no, 100, moved.prices.index[second] + 5)

    files.write_day(tmp_path / "a", calm, second, first)
    files.write_day(tmp_path / "b", moved, second, first)

    lines = [contents(tmp_path / name, second)["events.jsonl"].count(b"\n") for name in ("a", "b")]
    assert lines[1] > lines[0]


def test_bars_of_a_file_are_replayed_on_the_days_of_the_branch(tmp_path: Path) -> None:
    file = tmp_path / "bars.csv"
    head = "exchange,code,day,open,high,low,close,volume\n"
    rows = [f"SH,600000,2020-03-{day:02d},10.{day:02d},11.00,10.00,10.5{day % 10},1000\n" for day in range(1, 6)]
    file.write_text(head + "".join(rows))
    days = PLAN.lived()

    prices = Replay(file, days)

    assert [prices.bar(prices.listings[0], i).open for i in range(3)] == [1003, 1004, 1005]
    assert [prices.bar(prices.listings[0], i).day for i in range(3)] == days
    assert [prices.bar(prices.listings[0], i).prev for i in range(1, 3)] == [1053, 1054]
    assert prices.line(prices.listings[0], 2)["status"] == "no_limit"


def test_the_branch_lives_on_replayed_bars(tmp_path: Path) -> None:
    file = tmp_path / "bars.csv"
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(len(PLAN.walked()))]
    rows = (f"SH,600000,{day},10.00,10.90,9.80,10.{day.day:02d},1000\n" for day in days)
    file.write_text("exchange,code,day,open,high,low,close,volume\n" + "".join(rows))

    files.write_past(tmp_path, World(PLAN, Replay(file, PLAN.walked())))

    assert {line.split(b",")[7] for line in contents(tmp_path, None)["trades-01.csv"].splitlines()[1:]} == {b"600000"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exchange,code,day,open,high,low,close\n", "no column volume"),
        ("exchange,code,day,open,high,low,close,volume\nSH,600000,2020-03-02,1,1,1,1,9\n", "3 bars of each security"),
        ("exchange,code,day,open,high,low,close,volume\nSH,600000,soon,1,1,1,1,9\n", "line 2"),
    ],
)
def test_a_file_of_bars_that_cannot_be_replayed_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "bars.csv"
    file.write_text(text)

    with pytest.raises(BadBars, match=said):
        Replay(file, PLAN.lived())
