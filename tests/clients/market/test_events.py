"""Events of securities: facts by the number of the file, and their way into the lake."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from clients.lake.mirroring import mirror_day
from clients.lake.reading import open_lake, relation
from clients.market.models import SecurityEvent
from tests.clients.intake.taking import Take

EVENT = {
    "exchange": "SH",
    "code": "600519",
    "event_no": "D20261118001",
    "kind": "dividend",
    "announced_on": "2026-11-18",
    "ex_date": "2026-11-26",
    "record_date": "2026-11-25",
    "pay_date": "2026-11-26",
    "last_day": "",
    "value": "23.957000",
    "price": "",
    "note": "每股派现23.957元",
}
STRETCH = {"kind": "put_back", "ex_date": "2026-11-23", "record_date": "", "pay_date": "", "last_day": "2026-11-27"}


def test_an_event_is_kept_as_it_was_told_and_again_unchanged(world: Take) -> None:
    first, second = world("security_events", [EVENT]), world("security_events", [EVENT])

    event = SecurityEvent.objects.get()
    assert (first.counts, second.counts) == ((1, 0, 0), (0, 1, 0))
    assert (event.security.symbol, event.kind, event.value, event.price) == (
        "600519.SH", "dividend", Decimal("23.957"), None,
    )  # fmt: skip
    assert (event.announced_on, event.ex_date) == (date(2026, 11, 18), date(2026, 11, 26))
    assert (event.role, event.article_id, event.reversal_of) == ("subject", None, "")


def test_one_number_may_stand_for_two_securities(world: Take) -> None:
    assert world("security_events", [EVENT, EVENT | {"exchange": "SZ", "code": "000001"}]).counts == (2, 0, 0)


def test_an_event_never_changes(world: Take) -> None:
    world("security_events", [EVENT])

    taken = world("security_events", [EVENT | {"ex_date": "2026-11-27"}])

    assert taken.codes == [(2, "E_CONFLICT", "")]
    assert SecurityEvent.objects.get().ex_date == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"code": "60051"}, "E_TYPE", "code"),
        ({"code": "699999"}, "E_NO_SECURITY", "code"),
        ({"exchange": "NYSE"}, "E_ENUM", "exchange"),
        ({"event_no": ""}, "E_REQUIRED", "event_no"),
        ({"event_no": "news:1:1"}, "E_RANGE", "event_no"),
        ({"kind": "news"}, "E_ENUM", "kind"),
        ({"kind": ""}, "E_REQUIRED", "kind"),
        ({"announced_on": ""}, "E_REQUIRED", "announced_on"),
        ({"announced_on": "2026-11-21"}, "E_FUTURE", "announced_on"),
        ({"ex_date": "26.11.2026"}, "E_TYPE", "ex_date"),
        ({"record_date": "2026-11-27", "pay_date": ""}, "E_ORDER", "record_date"),
        ({"pay_date": "2026-11-24"}, "E_ORDER", "pay_date"),
        (STRETCH | {"last_day": "2026-11-20"}, "E_ORDER", "last_day"),
        ({"value": "-1"}, "E_RANGE", "value"),
        ({"value": "1000"}, "E_TYPE", "value"),
        ({"price": "-0.01"}, "E_RANGE", "price"),
        ({"note": "字" * 501}, "E_RANGE", "note"),
    ],
)
def test_each_wrong_event_is_rejected_for_its_own_reason(
    world: Take, change: dict[str, str], code: str, column: str
) -> None:
    taken = world("security_events", [EVENT | change, EVENT | {"event_no": "D2"}])

    assert taken.codes == [(2, code, column)]
    assert SecurityEvent.objects.values_list("event_no", flat=True).get() == "D2"


def test_a_stretch_of_days_and_a_weekend_are_good(world: Take) -> None:
    rights = {"kind": "rights", "last_day": "2026-11-25", "price": "8.5"}
    weekend = {"event_no": "D3", "announced_on": "2026-11-15"}

    assert world("security_events", [EVENT | STRETCH, EVENT | rights | {"event_no": "R"}, EVENT | weekend]).counts == (
        3, 0, 0,
    )  # fmt: skip


def test_an_event_lies_in_the_lake_on_the_day_it_was_announced(world: Take) -> None:
    world("security_events", [EVENT])
    event = SecurityEvent.objects.get()

    mirror_day(day=date(2026, 11, 20), cutoff=datetime.now(UTC), tables=["security_events"])

    with open_lake() as con:
        rows = con.execute(
            "SELECT day, security_id, event_no, kind, ex_date, record_date, pay_date, last_day, value, article_id, "
            f"reversal_of FROM {relation('security_events', [event.announced_on])}"
        ).fetchall()
    assert rows == [
        (
            date(2026, 11, 18), event.security_id, "D20261118001", "dividend", date(2026, 11, 26), date(2026, 11, 25),
            date(2026, 11, 26), None, Decimal("23.957000"), None, "",
        )
    ]  # fmt: skip
