"""Lines are on the disk before anybody is told so; what is not told may be lost, and nothing else."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from portal.collect import segments
from portal.collect.segments import NotKept, Segments, ready, whole_lines
from tests.portal.collect.asking import Door, event, lines_of

FULL = """
import resource, signal, sys
from pathlib import Path
from portal.collect.segments import NotKept, Segments
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))  # a disk that has no room beyond so many bytes of a file
kept = Segments(Path(sys.argv[1]), largest=1 << 20, oldest=60)
for number in range(40):
    try:
        kept.append(b"%03d" % number + b"x" * 996 + b"\\n")
        print(number, flush=True)
    except NotKept as why:
        print("refused", why, file=sys.stderr, flush=True)
"""
HELD = """
import sys, time
from pathlib import Path
from portal.collect.segments import Segments
Segments(Path(sys.argv[1]), largest=1 << 20, oldest=60).append(b"a line\\n")
print("kept", flush=True)
time.sleep(600)
"""


@pytest.fixture
def kept(tmp_path: Path) -> Segments:
    return Segments(tmp_path, largest=1 << 20, oldest=60)


def numbers(folder: Path) -> list[bytes]:
    return [line for path in ready(folder) for line in whole_lines(path)]


def test_what_was_appended_is_in_the_file_at_once_and_only_its_owner_reads_it(kept: Segments, tmp_path: Path) -> None:
    kept.append(b"one\n")
    kept.append(b"two\nthree\n")

    (path,) = tmp_path.iterdir()
    assert path.read_bytes() == b"one\ntwo\nthree\n"
    assert (path.suffix, path.stat().st_mode & 0o777) == (".open", 0o600)


def test_a_segment_is_ready_when_it_is_closed_and_not_before(kept: Segments, tmp_path: Path) -> None:
    kept.append(b"one\n")
    before = ready(tmp_path)
    kept.close()
    kept.append(b"two\n")

    assert before == []
    assert numbers(tmp_path) == [b"one\n"]


def test_segments_are_closed_by_size_and_by_age_and_come_oldest_first(tmp_path: Path) -> None:
    large, old = Segments(tmp_path, largest=8, oldest=60), Segments(tmp_path / "old", largest=1 << 20, oldest=0)

    for number in range(5):
        large.append(b"%03d\n" % number)
    large.close()
    old.append(b"quiet\n")
    old.tidy()

    assert len(ready(tmp_path)) == 3
    assert numbers(tmp_path) == [b"%03d\n" % number for number in range(5)]
    assert numbers(tmp_path / "old") == [b"quiet\n"]


def test_a_young_segment_stays_open_when_the_house_is_tidied(kept: Segments, tmp_path: Path) -> None:
    kept.append(b"one\n")
    kept.tidy()

    assert [path.suffix for path in tmp_path.iterdir()] == [".open"]


def test_no_folder_has_no_segments(tmp_path: Path) -> None:
    assert ready(tmp_path / "nowhere") == []


def test_a_torn_last_line_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "1.closed").write_bytes(b"one\ntwo\nthr")

    assert numbers(tmp_path) == [b"one\n", b"two\n"]


def test_the_segment_of_a_killed_writer_is_ready_and_that_of_a_living_one_is_not(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", HELD, str(tmp_path)], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    told = writer.stdout.readline()
    living = ready(tmp_path)
    writer.kill()
    writer.wait()
    writer.stdout.close()

    assert told == b"kept\n"
    assert living == []
    assert numbers(tmp_path) == [b"a line\n"]


def test_an_open_segment_is_locked_before_it_is_seen(kept: Segments, tmp_path: Path, monkeypatch) -> None:
    """Otherwise compaction could take it for that of a dead writer, and delete it under the first lines."""
    seen = []
    real = segments.fcntl.flock

    def flock(fd: int, operation: int) -> None:
        seen.extend((path.suffix, ready(tmp_path)) for path in tmp_path.iterdir())
        real(fd, operation)

    with monkeypatch.context() as patch:
        patch.setattr(segments.fcntl, "flock", flock)
        kept.append(b"one\n")

    assert seen == [(".draft", [])]


def test_a_segment_that_is_closed_while_its_lock_is_asked_for_is_not_named_twice(
    kept: Segments, tmp_path: Path, monkeypatch
) -> None:
    kept.append(b"one\n")
    real = segments.fcntl.flock

    def flock(handle, how) -> None:
        kept.close()
        real(handle, how)

    monkeypatch.setattr(segments.fcntl, "flock", flock)

    assert ready(tmp_path) == []
    assert numbers(tmp_path) == [b"one\n"]


def test_drafts_of_killed_writers_go_after_a_while(tmp_path: Path) -> None:
    young, old = tmp_path / "1.draft", tmp_path / "2.draft"
    young.touch()
    old.touch()
    os.utime(old, (time.time() - 2 * segments.FORGOTTEN,) * 2)

    assert ready(tmp_path) == []
    assert list(tmp_path.iterdir()) == [young]


@pytest.mark.parametrize("fault", [OSError("no disk"), ValueError("a bug"), MemoryError()])
def test_a_sync_that_fails_acknowledges_nothing_and_takes_nothing_back(
    kept: Segments, tmp_path: Path, monkeypatch, fault: Exception
) -> None:
    def failing(fd: int) -> None:
        raise fault

    kept.append(b"before\n")
    with monkeypatch.context() as patch:
        patch.setattr(segments.os, "fdatasync", failing)
        for _ in range(2):
            with pytest.raises(NotKept):
                kept.append(b"refused\n")
    kept.append(b"after\n")
    kept.close()

    assert numbers(tmp_path) == [b"before\n", b"after\n"]
    assert len(list(tmp_path.iterdir())) == 2  # a segment that kept nothing is gone


def test_whatever_interrupts_the_thread_that_writes_nobody_is_told_yes(
    kept: Segments, tmp_path: Path, monkeypatch
) -> None:
    told: dict[bytes, type[BaseException]] = {}

    def interrupted(fd: int) -> None:
        raise KeyboardInterrupt

    def send(line: bytes) -> None:
        try:
            kept.append(line)
        except BaseException as why:
            told[line] = type(why)

    def joined(line: bytes) -> threading.Thread:
        waiting = len(kept._batch.lines)
        thread = threading.Thread(target=send, args=(line,))
        thread.start()
        while len(kept._batch.lines) == waiting:
            time.sleep(0.001)
        return thread

    monkeypatch.setattr(segments.os, "fdatasync", interrupted)
    with kept._writing:
        threads = [joined(b"first\n"), joined(b"second\n")]
    for thread in threads:
        thread.join()

    assert told == {b"first\n": KeyboardInterrupt, b"second\n": NotKept}
    assert list(tmp_path.iterdir()) == []


def test_a_writer_who_never_comes_holds_up_nobody_but_those_who_waited_for_him(
    kept: Segments, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(segments, "PATIENCE", 0.01)
    kept._batch.lines.append(b"of a thread that died before it could write\n")

    with pytest.raises(NotKept, match="in time"):
        kept.append(b"waited\n")
    kept.append(b"after\n")
    kept.close()

    assert numbers(tmp_path) == [b"after\n"]


def test_a_full_disk_refuses_what_it_cannot_take_and_keeps_what_it_took(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=True)

    taken = [int(line) for line in done.stdout.split()]
    assert done.stderr.count("refused") == 40 - len(taken)
    assert 30 < len(taken) < 40
    assert [int(line[:3]) for line in numbers(tmp_path)] == taken


def test_twenty_threads_lose_nothing_and_share_syncs(kept: Segments, tmp_path: Path, monkeypatch) -> None:
    syncs = []
    real = os.fdatasync

    def slow(fd: int) -> None:
        syncs.append(fd)
        time.sleep(0.002)
        real(fd)

    def send(sender: int) -> None:
        for number in range(25):
            kept.append(b"%02d-%02d\n" % (sender, number))

    threads = [threading.Thread(target=send, args=(sender,)) for sender in range(20)]
    with monkeypatch.context() as patch:
        patch.setattr(segments.os, "fdatasync", slow)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    kept.close()

    found = numbers(tmp_path)
    assert sorted(found) == [b"%02d-%02d\n" % (sender, number) for sender in range(20) for number in range(25)]
    assert [line for line in found if line.startswith(b"07")] == [b"07-%02d\n" % number for number in range(25)]
    assert len(syncs) < 250


def test_events_that_are_not_safe_are_to_be_sent_again(door: Door, monkeypatch) -> None:
    def failing(fd: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(segments.os, "fdatasync", failing)
        refused = door.send("/v1/track", event(messageId="refused"))
    again = door.send("/v1/track", event(messageId="again"))
    door.segments.close()

    assert (refused.status, refused.headers["Retry-After"], refused.said["code"]) == (503, "5", "not_kept")
    assert again.status == 200
    assert [line["e"]["messageId"] for line in lines_of(door.folder)] == ["again"]
