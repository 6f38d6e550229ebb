"""Who does not agree to the analysis of his behaviour has no features of it, but those that protect him."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from clients.behaviour import selectors as behaviour
from clients.portrait import catalogue, checking, selectors, services
from clients.register.models import Client, Consent
from tests import factories as make
from tests.clients.portrait.one_night import only
from tests.clients.portrait.screen import Event, happen
from tests.clients.portrait.world import DAY, now, run

pytestmark = pytest.mark.django_db
GROUPS = ("behaviour", "pages", "visits")
READ_FROM_EVENTS = {"behaviour_event", "news_read"}
SECURITY = {"login_lock_cnt_1d", "new_device_login_1d", "login_city_changed_1d"}
TODAY, NIGHT = DAY, DAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def some_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, *GROUPS)


def answer(of: Client, *, given: bool, at: datetime | None = None) -> None:
    """What he said about the analysis of his behaviour."""
    moment = at or now() - timedelta(days=5)
    Consent.objects.create(client=of, purpose="behaviour", version="1", at=moment, given=given, channel="web")


def asking() -> list[str]:
    """The columns that ask for consent and are computed."""
    found = [one for one in catalogue.features() if one.purpose == catalogue.BEHAVIOUR and not one.waits]
    return [name for one in found for name in (one.name, f"{one.name}__key")[: 1 + one.key]]


def known(of: Client, slot: str = "", day: Any = DAY) -> set[str]:
    """The columns of `asking` that are not unknown of him."""
    row = selectors.feature_row(day, of.pk, slot) or {}
    return {name for name in asking() if row[name] is not None}


def acted(*names: str) -> list[Client]:
    """Clients who did the same on the data day and the day before it."""
    clients = [make.client(name) for name in names]
    for one in clients:
        happen(
            *[Event(one, "signed_in", back, device="d1", city="合肥") for back in (0, 1, 2, 3)],
            Event(one, "sign_in_locked", 0, minute=1),
            Event(one, "stock_viewed", 1, properties={"symbol": "600519.SH"}),
            Event(one, "form_opened", 1, minute=2, properties={"form": "fee_change"}),
        )  # fmt: skip
    return clients


def test_the_catalogue_says_of_every_feature_of_the_screen_what_it_is_for() -> None:
    purposes = {one.name: one.purpose for one in catalogue.features() if one.group in GROUPS}

    assert {name for name, purpose in purposes.items() if purpose == catalogue.SECURITY} == SECURITY
    assert {purpose for name, purpose in purposes.items() if name not in SECURITY} == {catalogue.BEHAVIOUR}
    read = [row for row in catalogue.document()["features"] if READ_FROM_EVENTS & set(row["source"])]
    assert [row["name"] for row in read if not row.get("purpose")] == []


def test_who_refuses_has_nothing_but_what_protects_him_and_who_was_not_asked_has_all() -> None:
    refuses, agrees, unasked = acted("Alice", "Bob", "Charlie")
    answer(refuses, given=False)
    answer(agrees, given=True)

    run()

    row = selectors.feature_row(DAY, refuses.pk) or {}
    assert known(refuses) == set()
    assert known(agrees) == known(unasked) >= {"visit_cnt_30d", "page_security_cnt_30d", "login_days_30d"}
    assert (row["login_lock_cnt_1d"], row["login_city_changed_1d"], row["client_status"]) == (1, False, "active")
    assert checking.row_faults(DAY) == []


def test_the_newest_answer_counts() -> None:
    back, gone = acted("Alice", "Bob")
    for one, answers in [(back, [False, True]), (gone, [True, False])]:
        for days, given in enumerate(answers):
            answer(one, given=given, at=now() - timedelta(days=9 - days))

    run()

    assert "visit_cnt_30d" in known(back)
    assert known(gone) == set()


@pytest.mark.django_db(transaction=True)  # arrivals differ only between transactions
def test_a_withdrawal_counts_from_the_next_run_on_and_not_before() -> None:
    (bob,) = acted("Bob")
    first = now()
    version = run(cutoff=first)
    before = known(bob)
    answer(bob, given=False)

    again = run(cutoff=first)
    same = known(bob)
    run()

    assert (again, same) == (version, before)
    assert "visit_cnt_30d" in before
    assert known(bob) == set()


def test_within_the_day_the_answer_of_the_moment_counts_also_for_what_the_night_knew() -> None:
    gone, stays = acted("Alice", "Bob")
    run(NIGHT)
    night = known(gone, day=NIGHT)
    answer(gone, given=False)
    since = now()
    happen(*[Event(one, "search", 0, 11) for one in (gone, stays)], arrived_at=since + timedelta(microseconds=1))

    services.compute_slot(slot="event", day=TODAY, night=NIGHT, cutoff=now() + timedelta(seconds=1), since=since)

    row = selectors.feature_row(TODAY, gone.pk, "event") or {}
    assert {"visit_cnt_30d", "security_seen_cnt_30d"} <= night
    assert known(gone, "event", TODAY) == set()
    assert known(stays, "event", TODAY) >= {"visit_cnt_30d", "security_seen_cnt_30d", "login_days_30d"}
    assert row["login_lock_cnt_1d"] == 1


def test_the_days_of_a_client_who_refuses_are_shown_to_nobody() -> None:
    refuses, agrees = acted("Alice", "Bob")
    answer(refuses, given=False)
    run()

    shown = [behaviour.screen_days(one.pk, first=NIGHT, last=DAY) for one in (refuses, agrees)]

    assert [len(days) for days in shown] == [0, 2]
