"""Visits and pages of a day see nothing that came later; night by night they are what one night makes of everything."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as some

from clients.lake import paths
from clients.lake.reading import open_lake
from clients.portrait import building, sqlfiles
from clients.portrait.carrying import carry_on
from clients.portrait.event_states import EVENT_DAYS, EVENT_FIRSTS, VISIT_DAYS
from clients.portrait.sources import AsOf
from clients.register.models import Client
from tests.clients.portrait.screen import Event, happen
from tests.clients.portrait.world import DAY

pytestmark = pytest.mark.django_db
GROUPS = ("visits", "pages")
END = datetime(2026, 11, 21, tzinfo=UTC)
NAMES = ("signed_in", "search", "stock_viewed", "commission_page_viewed", "form_opened", "form_submitted", "page_left")
ABOUT = {"symbol": "600519.SH", "form": "fee_change", "page": "holdings_viewed", "visible_ms": 700, "results": 0}
BOB = Client(pk=1)
EVENTS = some.builds(
    Event,
    of=some.just(BOB),
    name=some.sampled_from(NAMES),
    back=some.sampled_from([0, 1, 2, 3, 30]),
    hour=some.sampled_from([7, 9, 10, 22]),
    minute=some.sampled_from([0, 20, 40]),
    city=some.sampled_from([None, "合肥", "三亚"]),
    channel=some.sampled_from(["app", "web"]),
    kind=some.sampled_from([None, "iPhone", "PC"]),
    properties=some.just(ABOUT),
)


def told(day: date, cutoff: datetime) -> dict[str, Any]:
    """What one night says of him, brought up from whatever there is."""
    at = AsOf(day, cutoff)
    carry_on(at, tables=(EVENT_DAYS, VISIT_DAYS), late=(EVENT_FIRSTS,))
    with open_lake() as con:
        building.prepare(con, at)
        con.execute("CREATE TEMP TABLE everybody AS SELECT 1::BIGINT AS client_id")
        bucket = building.Bucket(con, at, paths.bucket(BOB.pk))
        bucket.provide({"event_days": 90, "visit_days": 90, "event_firsts": None}, None, {})
        found: dict[str, Any] = {}
        for group in GROUPS:
            text = sqlfiles.group(group).text.replace("FROM clients\n", "FROM everybody AS clients\n")
            rows = con.execute(text)
            names = [column[0] for column in rows.description or []]
            found |= dict(zip(names, rows.fetchall()[0], strict=True))
        return {name: None if value != value else value for name, value in found.items()}  # no number: unknown


@examples(max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.tuples(EVENTS, some.integers(0, 3)), min_size=1, max_size=9))
def test_night_by_night_is_the_same_as_at_once(
    tmp_path_factory: pytest.TempPathFactory, settings: Any, history: list[tuple[Event, int]]
) -> None:
    """Each event comes some days late; each night sees what has come."""
    settings.LAKE_DIR = tmp_path_factory.mktemp("by_night")
    for back in (2, 0):
        came = [one for one, late in history if (one.back - late >= 2) == (back == 2)]
        if came:
            happen(*came, arrived_at=END - timedelta(days=back, hours=1))
        by_night = told(DAY - timedelta(days=back), END - timedelta(days=back))
    settings.LAKE_DIR = tmp_path_factory.mktemp("at_once")
    happen(*[one for one, _late in history], arrived_at=END - timedelta(days=1))

    at_once = told(DAY, END)

    assert by_night == at_once
    assert by_night["visit_cnt_90d"] >= 1


def test_what_happens_or_arrives_later_changes_nothing() -> None:
    past = [Event(BOB, "stock_viewed", back, properties=ABOUT, city="合肥", kind="PC") for back in (0, 1, 5, 40)]
    happen(*past, arrived_at=END - timedelta(hours=9))
    before = told(DAY, END)

    later = [Event(BOB, name, back, 9, properties=ABOUT, city="三亚") for name in NAMES for back in (-1, -3)]
    late = [Event(BOB, name, back, 9, properties=ABOUT, city="三亚") for name in NAMES for back in (0, 5)]
    happen(*later, arrived_at=END - timedelta(hours=1))
    happen(*late, arrived_at=END + timedelta(seconds=1))
    again = told(DAY, END)
    after = told(DAY, END + timedelta(days=1))

    assert again == before
    assert {name for name, value in after.items() if value != before[name]} >= {
        "visit_cnt_7d", "visit_city_share_90d", "page_security_cnt_30d", "search_empty_cnt_30d", "page_fee_cnt_30d",
    }  # fmt: skip
