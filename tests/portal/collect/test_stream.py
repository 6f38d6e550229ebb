"""One client's event stream: who may ask, what is written down, and what never comes along."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from clients.behaviour import stream
from clients.behaviour.events import COLUMNS_OF_LAKE, KEY, ORDER, TABLE
from clients.lake.appending import append
from clients.lake.reading import open_lake
from clients.org.models import AccessLog, Role
from clients.register.models import Client, Consent
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 19)
AT = datetime.fromisoformat("2026-11-19T10:00:00+08:00")
PATH = "/desk/events/"


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path


@pytest.fixture
def bob() -> Client:
    return make.client("Bob")


def happen(client_id: int | None, *events: dict[str, Any]) -> None:
    """Put events into the lake, a minute apart unless they say when."""
    blank = dict.fromkeys(COLUMNS_OF_LAKE) | {"day": str(DAY), "client_id": client_id, "type": "track"}
    rows = []
    for number, one in enumerate(events):
        at = one.pop("at", AT + timedelta(minutes=number)).isoformat()
        said = {
            "message_id": f"{client_id}-{number}",
            "happened_at": at,
            "arrived_at": at,
            "properties": "{}",
            "context": "{}",
        }
        rows.append(blank | said | one)
    columns = ", ".join(f"j->>'{name}' AS \"{name}\"" for name in COLUMNS_OF_LAKE)
    typed = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in COLUMNS_OF_LAKE.items())
    with open_lake() as con:
        con.execute("CREATE TEMP TABLE told AS SELECT unnest(?::JSON[]) AS j", [[json.dumps(row) for row in rows]])
        append(TABLE, DAY, con, f"(SELECT {typed} FROM (SELECT {columns} FROM told))", key=KEY, order=ORDER)


def reader(browser: Browser, *roles: str) -> Browser:
    staff = make.staff("Ann", roles=roles)
    browser.force_login(staff.user, backend="clients.org.backends.StaffBackend")
    return browser


def asked(of: Any, **changes: Any) -> dict[str, Any]:
    return {"client": of, "first": "2026-11-18", "last": "2026-11-20", "reason": "checks a feature", **changes}


def test_the_newest_come_first_with_what_they_are_about_and_where_visits_begin(bob: Client) -> None:
    happen(
        bob.pk,
        {"event": "stock_viewed", "properties": '{"symbol": "600519.SH", "dwell_ms": 8400}', "platform": "ios"},
        {"type": "page", "event": "home_home", "context": '{"page": {"path": "/"}}', "device": "phone", "os": "iOS"},
        {"event": "search", "at": AT + timedelta(minutes=40), "properties": '{"query": "my name is Bob"}'},
    )
    happen(bob.pk + 1, {"event": "stock_viewed"})

    found = stream.of_client(bob.pk, first=DAY, last=DAY, most=10)

    assert [(one.event, one.about, one.page, one.device, one.begins) for one in found] == [
        ("search", "", "", "", True), ("home_home", "", "/", "phone, iOS", False),
        ("stock_viewed", "600519.SH", "", "", True),
    ]  # fmt: skip
    assert (found[2].dwell, found[2].platform) == (timedelta(seconds=8.4), "ios")
    assert "Bob" not in str(found)


def test_no_more_than_asked_for_and_only_of_these_days(bob: Client) -> None:
    happen(bob.pk, {"event": "a"}, {"event": "b"}, {"event": "c"})

    assert [one.event for one in stream.of_client(bob.pk, first=DAY, last=DAY, most=2)] == ["c", "b"]
    assert stream.of_client(bob.pk, first=DAY + timedelta(days=1), last=DAY + timedelta(days=3), most=9) == []


@pytest.mark.parametrize(("newest", "shown"), [(False, False), (True, True)])
def test_who_has_withdrawn_is_shown_to_nobody_until_he_agrees_again(
    client: Browser, bob: Client, newest: bool, shown: bool
) -> None:
    happen(bob.pk, {"event": "holdings_viewed"})
    for hours, given in enumerate([True, not newest, newest]):
        at = AT + timedelta(hours=hours)
        Consent.objects.create(client=bob, purpose="behaviour", version="1", at=at, given=given, channel="web")

    page = reader(client, Role.ANALYST).post(PATH, asked(bob.pk), headers={"accept-language": "en"}).content.decode()

    assert ("looked at his holdings" in page, "shown to nobody" in page) == (shown, not shown)
    assert len(stream.of_client(bob.pk, first=DAY, last=DAY, most=9)) == int(shown)
    assert AccessLog.objects.count() == 1


@pytest.mark.parametrize("role", [Role.ANALYST, Role.COMPLIANCE])
def test_looking_is_written_down_with_the_reason(client: Browser, bob: Client, role: str) -> None:
    happen(bob.pk, {"event": "holdings_viewed"})

    page = reader(client, role).post(PATH, asked(bob.pk), headers={"accept-language": "en"}).content.decode()

    assert "looked at his holdings" in page
    log = AccessLog.objects.get()
    assert (log.staff.name, log.client_id, log.action, log.reason) == ("Ann", bob.pk, "events", "checks a feature")


@pytest.mark.parametrize(
    "changes",
    [
        {"client": 999999999}, {"client": "C0000123"}, {"reason": ""}, {"reason": "x"}, {"last": "2026-11-01"},
        {"first": "2026-10-01"}, {"first": "yesterday"},
    ],
)  # fmt: skip
def test_a_question_that_is_not_whole_shows_and_writes_down_nothing(
    client: Browser, bob: Client, changes: dict[str, Any]
) -> None:
    happen(bob.pk, {"event": "holdings_viewed"})

    answer = reader(client, Role.ANALYST).post(PATH, asked(bob.pk, **changes), headers={"accept-language": "en"})

    assert answer.status_code == 422
    assert "looked at his holdings" not in answer.content.decode()
    assert not AccessLog.objects.exists()


def test_the_page_itself_asks_and_shows_nothing(client: Browser) -> None:
    page = reader(client, Role.ANALYST).get(PATH)

    assert page.status_code == 200
    assert not AccessLog.objects.exists()
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_days_of_the_last_week_stand_there_in_every_language(
    client: Browser, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clients.shared.clock.now", lambda: AT)

    page = reader(client, Role.ANALYST).get(PATH, headers={"accept-language": language}).content.decode()

    assert 'type="date" name="first" value="2026-11-13"' in page
    assert 'type="date" name="last" value="2026-11-19"' in page


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADVISER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_for_others_there_is_no_such_page(client: Browser, bob: Client, role: str) -> None:
    answers = [reader(client, role).get(PATH), client.post(PATH, asked(bob.pk))]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert not AccessLog.objects.exists()
