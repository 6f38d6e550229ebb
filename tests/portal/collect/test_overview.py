"""How capture stands, and the events that could not be taken, as administrators see them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from clients.behaviour.models import CaptureTally, Compaction
from clients.org.models import Role
from portal.collect import compaction, letters, overview, services
from portal.collect.models import WriteKey
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
HOUR = NOW.replace(minute=0)


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> Path:
    settings.COLLECT_DIR, settings.DEAD_LETTER_DIR = tmp_path / "segments", tmp_path / "dead"
    for folder in (settings.COLLECT_DIR, settings.DEAD_LETTER_DIR):
        folder.mkdir()
    return tmp_path


def key(name: str, platform: str = "web") -> WriteKey:
    return services.make_key(name=name, platform=platform, kind="public", by=None, now=NOW)[0]


def tally(of: int, hours_ago: int, **counts: int) -> None:
    CaptureTally.objects.create(hour=HOUR - timedelta(hours=hours_ago), write_key=of, **counts)


def dead(folder: Path, *said: dict[str, Any], name: str = "2026-11-20.jsonl") -> None:
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in said)
    (folder / "dead" / name).write_text(text, encoding="utf-8")


@pytest.fixture
def page(client: Browser) -> Browser:
    staff = make.staff("Ada", roles=(Role.ADMINISTRATOR,))
    client.force_login(staff.user, backend="clients.org.backends.StaffBackend")
    return client


def test_each_key_says_what_came_in_within_a_day(django_assert_num_queries: Any) -> None:
    web, app = key("web"), key("app", "ios")
    tally(web.pk, 0, accepted=600, forged=3)
    tally(web.pk, 23, accepted=10, duplicate=5, dead=2)
    tally(web.pk, 24, accepted=9999)
    tally(0, 1, refused=7)

    with django_assert_num_queries(3):
        found = overview.standing(NOW)

    rows = {row.key.name if row.key else "": (round(row.minute, 1), row.counts) for row in found.keys}
    assert rows["web"] == (
        20.0,
        {
            "accepted": 610,
            "duplicate": 5,
            "forged": 3,
            "declined": 0,
            "dead": 2,
            "refused": 0,
        },
    )
    assert rows[""] == (0.0, {**dict.fromkeys(overview.COUNTS, 0), "refused": 7})
    assert rows["app"][1] == dict.fromkeys(overview.COUNTS, 0)
    assert [row.key for row in found.keys] == [web, None, app]
    assert found.minute == 20.0


def test_a_revoked_key_is_shown_only_while_something_comes_under_it() -> None:
    old, older = key("old"), key("older")
    tally(old.pk, 2, refused=1)
    for row in (old, older):
        services.revoke(key=row, by=make.staff("Ada").user if row is old else make.staff("Abe").user, now=NOW)

    assert [row.key for row in overview.standing(NOW).keys] == [old]


def test_what_waits_and_since_when(folders: Path) -> None:
    for number in (1, 2):
        (folders / "segments" / f"{number}.closed").write_bytes(b"x" * 10)
    (folders / "segments" / compaction.ASIDE).mkdir()
    (folders / "segments" / compaction.ASIDE / "3.closed").write_bytes(b"x")
    now = datetime.now(UTC) + timedelta(seconds=90)

    found = overview.standing(now)

    assert (found.waiting, found.waiting_bytes, found.aside, found.last) == (2, 20, 1, None)
    assert found.lag is not None
    assert timedelta(seconds=90) <= found.lag < timedelta(seconds=120)


def test_letters_come_newest_first_with_long_numbers_hidden(folders: Path) -> None:
    web = key("web")
    at = "2026-11-20T02:00:00+00:00"
    event = '{"userId": "13800138000", "name": "张三", "n": 13800138000, "event": "x' + "y" * 500
    dead(folders, {"received": at, "key": 999, "reason": "old", "event": "a"}, name="2026-11-19.jsonl")
    dead(
        folders,
        {"received": at, "key": web.pk, "reason": "first", "event": event},
        {"reason": "last", "event": "\x00"},
    )
    dead(folders, {"reason": "unreadable", "event": "b"}, name="unreadable.jsonl")

    found = letters.newest()

    assert [one.reason for one in found] == ["last", "first", "old", "unreadable"]
    assert [one.key for one in found] == [None, web, None, None]
    assert "13800138000" not in found[1].text
    assert found[1].text.startswith('{"userId": "…", "name": "…", "n": …, "event": "xyyy')
    assert len(found[1].text) == letters.CUT


def test_only_the_end_of_a_large_file_is_read(folders: Path) -> None:
    said = [{"reason": f"r{n}", "event": "e" * 2000} for n in range(500)]
    dead(folders, *said)

    assert [one.reason for one in letters.newest()] == [f"r{n}" for n in range(499, 449, -1)]


def test_an_administrator_sees_both_pages(page: Browser, folders: Path) -> None:
    web = key("the web key")
    tally(web.pk, 0, accepted=120)
    Compaction.objects.create(portion="p", at=NOW, segments=1, bytes=1, events=120)
    dead(folders, {"reason": "no messageId", "event": "<script>alert(1)</script>"})

    standing = page.get("/admin/collect/writekey/", headers={"accept-language": "en"}).content.decode()
    shown = page.get("/admin/collect/writekey/dead-letters/", headers={"accept-language": "en"}).content.decode()

    assert "the web key" in standing
    assert "Last time: 2026-11-20 10:30:00, 120 events." in standing
    assert "It has no messageId" in shown
    assert "<script>alert(1)" not in shown


@pytest.mark.parametrize(("reserve", "said"), [(1 << 60, True), (0, False)])
def test_it_says_in_words_that_the_disk_is_too_full(page: Browser, settings: Any, reserve: int, said: bool) -> None:
    settings.COLLECT_FREE_BYTES = reserve

    english = page.get("/admin/collect/writekey/", headers={"accept-language": "en"}).content.decode()
    chinese = page.get("/admin/collect/writekey/", headers={"accept-language": "zh-hans"}).content.decode()

    assert ("Nothing is taken now: less than" in english) is said
    assert ("现在不收取任何事件" in chinese) is said


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SUPERVISOR, Role.ANALYST])
def test_others_see_neither(client: Browser, role: Role) -> None:
    client.force_login(make.staff("Eve", roles=(role,)).user, backend="clients.org.backends.StaffBackend")

    answers = [client.get(f"/admin/collect/writekey/{path}").status_code for path in ("", "dead-letters/")]

    assert all(status in (302, 403) for status in answers)
