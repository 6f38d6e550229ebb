"""While the disk is nearly full nothing is taken, so that the database on it keeps its air."""

import shutil
from pathlib import Path

import pytest

from portal.collect import segments
from portal.collect.segments import NotKept, Segments
from tests.portal.collect.asking import Door, event, lines_of


def test_while_the_disk_has_less_room_than_is_kept_free_senders_come_again_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch
) -> None:
    door = Door(tmp_path)
    door.segments._reserve = 1 << 28
    free = {"bytes": 1 << 28}
    monkeypatch.setattr(segments.shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(1, 1, free["bytes"]))
    answers = []

    for free["bytes"] in (1 << 28, (1 << 28) - 1, (1 << 28) - 1, 1 << 28):
        door.segments.tidy()
        answers.append(door.send("/v1/track", event(messageId=f"m{len(answers)}")))

    assert [answer.status for answer in answers] == [200, 503, 503, 200]
    assert (answers[1].headers["Retry-After"], answers[1].said["code"]) == ("5", "not_kept")
    assert [line["e"]["messageId"] for line in door.kept()] == ["m0", "m3"]
    assert [record.message.split(":")[0] for record in caplog.records] == [
        "Events are refused",
        "Events are taken again",
    ]


def test_a_folder_that_is_not_there_yet_has_room(tmp_path: Path) -> None:
    kept = Segments(tmp_path / "new", largest=1 << 20, oldest=60, reserve=1 << 62)

    kept.tidy()
    kept.append(b'{"n": 1}\n')
    kept.tidy()

    with pytest.raises(NotKept, match="nearly full"):
        kept.append(b"two\n")
    kept.close()
    assert lines_of(tmp_path / "new") == [{"n": 1}]
