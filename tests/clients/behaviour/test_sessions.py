"""Visits of random days are those that a plain reading of the rules gives; the rules themselves, one by one."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.behaviour import actions, sessions
from clients.behaviour.events import COLUMNS_OF_LAKE
from clients.lake import registry
from clients.lake.appending import append
from clients.lake.reading import open_lake
from tests.clients.behaviour.lineup import AT, line, rows, take

DAY = date(2026, 11, 20)
START = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)  # midnight in Shanghai
END = START + timedelta(days=1)
HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class Act:
    """Something that somebody did, in minutes after a moment of the day; without a visitor's number it is a fact."""

    minute: float
    client: int | None
    on: str | None = "a"
    view: bool = True
    dwell: int | None = None

    @property
    def at(self) -> datetime:
        return START + timedelta(minutes=self.minute)


def _visits(*acts: Act) -> list[dict[str, Any]]:
    """What the SQL makes of a day."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'Asia/Shanghai'")
    facts = registry.columns("facts") or {}
    for name, columns in (("events", COLUMNS_OF_LAKE), ("facts", facts), ("attributions", actions.OF_ATTRIBUTIONS)):
        con.execute(f"CREATE TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})")
    for n, act in enumerate(acts):
        _insert(con, n, act)
    kept = "client_id, anonymous_id, session, epoch_us(started_at), epoch_us(ended_at), dwell_ms, entry_page, exit_page"
    found = con.execute(f"SELECT {kept}, pages, events FROM ({sessions.SQL}) ORDER BY ALL")
    names = ("client", "on", "session", "started", "ended", "dwell", "entry", "exit", "pages", "events")
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _insert(con: duckdb.DuckDBPyConnection, n: int, act: Act) -> None:
    properties = json.dumps({"dwell_ms": act.dwell} if act.dwell is not None else {})
    moment = f"TIMESTAMPTZ '{act.at.isoformat()}'"
    if act.on is None:
        con.execute(
            f"INSERT INTO facts BY NAME SELECT {n} AS id, DATE '{DAY}' AS day, ? AS client_id, 'signed_in' AS kind, "
            f"'{{}}' AS properties, {moment} AS happened_at, {moment} AS arrived_at",
            [act.client],
        )
        return
    con.execute(
        f"INSERT INTO events BY NAME SELECT DATE '{DAY}' AS day, 'm{n:03}' AS message_id, ? AS type, ? AS event, "
        f"? AS client_id, ? AS anonymous_id, {moment} AS happened_at, ? AS context, ? AS properties, "
        f"{moment} AS arrived_at",
        ["page" if act.view else "track", None if act.view else "search", act.client, act.on,
         json.dumps({"page": {"path": f"/{n}"}}), properties],
    )  # fmt: skip


def _expected(acts: tuple[Act, ...]) -> list[dict[str, Any]]:
    """The same by the rules, in plain Python."""
    placed = sorted(((act.at, f"m{n:03}" if act.on else f"fact:{n}", n, act, _place(act, acts))
                     for n, act in enumerate(acts)), key=lambda one: one[:2])  # fmt: skip
    visits = [
        visit for place in {one[4] for one in placed} for visit in _of_place([p for p in placed if p[4] == place])
    ]
    visits.sort(key=lambda visit: (visit["started"], visit["place"], visit["n"]))
    numbers: dict[Any, Iterator[int]] = {}
    for visit in visits:
        who = visit["client"] if visit["client"] is not None else visit["on"]
        visit["session"] = next(numbers.setdefault(who, itertools.count(1)))
    names = ("client", "on", "session", "started", "ended", "dwell", "entry", "exit", "pages", "events")
    return [{name: visit[name] for name in names} for visit in visits]


def _place(act: Act, acts: tuple[Act, ...]) -> str:
    if act.on is not None:
        return act.on
    others = [one for one in acts if one.client == act.client and one.on is not None]
    before = [(-one.at.timestamp(), one.on) for one in others if timedelta() <= act.at - one.at <= HALF_HOUR]
    after = [(one.at.timestamp(), one.on) for one in others if timedelta() <= one.at - act.at <= HALF_HOUR]
    return str(min(before or after)[1]) if before or after else f"of client {act.client}"


def _of_place(done: list[Any]) -> list[dict[str, Any]]:
    groups: list[list[Any]] = []
    for one in done:
        last = groups[-1][-1] if groups else None
        if last is None or last[3].client != one[3].client or one[0] - last[0] > HALF_HOUR:
            groups.append([])
        groups[-1].append(one)
    visits = [_visit(n, group) for n, group in enumerate(groups)]
    for visit, following in itertools.pairwise(visits):
        visit["ended"] = min(visit["ended"], following["started"])
    for visit in visits:
        visit["dwell"] = (visit["ended"] - visit["started"]) // 1000
    return visits


def _visit(n: int, group: list[Any]) -> dict[str, Any]:
    seen = [at + min(timedelta(milliseconds=act.dwell), HALF_HOUR) for at, _id, _n, act, _place in group if act.dwell]
    pages = [f"/{n}" for _at, _id, n, act, _place in group if act.on is not None and act.view]
    place = group[0][4]
    return {
        "client": group[0][3].client, "on": None if place.startswith("of client") else place, "place": place, "n": n,
        "started": _us(group[0][0]), "ended": _us(min(max([group[-1][0], *seen[-1:]]), END)),
        "entry": pages[0] if pages else None, "exit": pages[-1] if pages else None, "pages": len(pages),
        "events": len(group),
    }  # fmt: skip


def _us(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


ON_A_DEVICE = st.builds(
    Act,
    minute=st.integers(0, 1439),
    client=st.sampled_from([None, 1, 2]),
    on=st.sampled_from("ab"),
    view=st.booleans(),
    dwell=st.sampled_from([None, 0, 500, 20 * 60_000, 50 * 60_000]),
)
FACTS = st.builds(Act, minute=st.integers(0, 1439), client=st.sampled_from([1, 2]), on=st.none(), view=st.just(False))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(ON_A_DEVICE | FACTS, max_size=12).map(tuple))
def test_visits_are_what_the_rules_say(acts: tuple[Act, ...]) -> None:
    told = [{**visit, "on": visit["on"] or ""} for visit in _visits(*acts)]
    expected = [{**visit, "on": visit["on"] or ""} for visit in _expected(acts)]

    key = json.dumps
    assert sorted(told, key=key) == sorted(expected, key=key)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.builds(Act, minute=st.integers(0, 100), client=st.sampled_from([None, 1, 2])), max_size=14))
def test_visits_of_a_busy_device_are_what_the_rules_say(acts: list[Act]) -> None:
    key = json.dumps
    assert sorted(_visits(*acts), key=key) == sorted(_expected(tuple(acts)), key=key)


def test_thirty_minutes_are_a_pause_and_more_is_the_end() -> None:
    assert [visit["events"] for visit in _visits(Act(0, 1), Act(30, 1), Act(60.1, 1))] == [2, 1]


def test_somebody_else_on_the_device_ends_the_visit() -> None:
    visits = _visits(Act(0, 1), Act(1, 2), Act(2, 1), Act(3, None))

    assert [(visit["client"], visit["session"]) for visit in visits] == [(1, 1), (1, 2), (2, 1), (None, 1)]


@pytest.mark.parametrize("called", ["of client 1", "client 1", "visitor 1"])
def test_no_number_that_a_visitor_gives_himself_cuts_the_visits_of_a_client(called: str) -> None:
    visits = _visits(Act(0, 1, on=None), Act(2, None, on=called), Act(4, 1, on=None))

    assert [(visit["client"], visit["events"]) for visit in visits] == [(1, 2), (None, 1)]


def test_a_visit_lasts_until_its_last_view_ends_but_not_into_the_next_day() -> None:
    in_the_day, at_night = _visits(Act(0, 1, dwell=90_000)), _visits(Act(1439, 1, dwell=90_000))

    assert [visit["dwell"] for visit in (*in_the_day, *at_night)] == [90_000, 60_000]


def test_a_sign_in_written_down_by_the_house_belongs_to_the_visit_that_follows() -> None:
    (visit,) = _visits(Act(0, 1, on=None, view=False), Act(2, 1))

    assert (visit["on"], visit["events"], visit["pages"], visit["dwell"]) == ("a", 2, 1, 120_000)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "form", "kind"),
    [
        (["form_opened a"], "a", None),
        (["form_opened a", "form_submitted a", "stock_viewed", "search"], None, "security"),
        (["form_submitted a", "form_opened a", "page_viewed"], "a", "other"),
        (["form_opened b", "form_opened a", "form_submitted a", "help_viewed"], "b", "help"),
        (["form_opened b", "form_opened a", "form_opened b", "service_viewed"], "b", "service"),
        (["form_opened", "form_submitted b"], None, None),
    ],
)
def test_a_visit_tells_which_form_was_left_unfinished_and_what_was_seen_last(
    captured: Path, told: list[str], form: str | None, kind: str | None
) -> None:
    lines = []
    for n, (event, *about) in enumerate(one.split() for one in told):
        properties = {"form": about[0]} if about else {}
        lines.append(line(AT + timedelta(seconds=n), event={"event": event, "properties": properties}))
    take(captured, *lines)

    sessions.bring_up([DAY])

    assert rows("open_form, exit_kind", "sessions", "session") == [(form, kind)]


@pytest.mark.django_db
def test_a_day_is_made_again_when_events_join_it_and_only_then(captured: Path) -> None:
    take(captured, line(AT, t="page"))
    first = sessions.bring_up([DAY])
    again = sessions.bring_up([DAY])
    take(captured, line(AT + timedelta(minutes=5), t="page"))

    made = sessions.bring_up(sessions.days_of_sources())

    assert (first, again, made) == ([DAY], [], [DAY])
    assert rows("anonymous_id, session, pages, dwell_ms, platform, os", "sessions", "session") == [
        ("a1", 1, 2, 300_000, "web", "iOS")
    ]


def test_the_facts_of_a_day_join_its_visits(captured: Path) -> None:
    facts = registry.columns("facts") or {}
    items = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in facts.items())
    with open_lake() as con:
        con.execute(f"CREATE TEMP TABLE fact AS SELECT {items}")
        con.execute(
            f"UPDATE fact SET id = 1, day = '{DAY}', client_id = 7, kind = 'signed_in', happened_at = '{AT}', "
            """arrived_at = happened_at, properties = '{"channel": "web"}'"""
        )
        append("facts", DAY, con, "fact", key=("id",), order="id")

    sessions.bring_up([DAY])

    assert rows("client_id, session, events, platform", "sessions", "session") == [(7, 1, 1, "web")]
    assert set(actions.SOURCES) == {"events", "facts", "attributions"}
