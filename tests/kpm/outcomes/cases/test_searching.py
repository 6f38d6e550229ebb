"""Searching a case on stored days: facts of the day before, comparable others, and a condition that means them."""

from datetime import timedelta
from typing import Any

import pytest

from clients.portrait import selectors as portrait
from clients.shared.models import Job
from kpm.engine.check import compile_condition
from kpm.engine.match import Member, Source, count
from kpm.outcomes.cases.selectors.gathering import features, gather
from kpm.outcomes.cases.services import searching
from kpm.outcomes.models import CaseSearch, SuccessCase
from kpm.strategies.catalogue_of import catalogue
from tests import factories as make
from tests.kpm.outcomes.cases import world
from tests.kpm.outcomes.world import hit, version

pytestmark = pytest.mark.django_db
State = CaseSearch.State


def asked(case: SuccessCase) -> CaseSearch:
    search = searching.ask_search(case=case, by=case.author, now=make.NOW)
    return searching.search(asked=search, now=make.NOW)


def test_what_they_have_in_common_is_found_by_a_process_of_its_own() -> None:
    alice = world.manager()
    bobs = world.clients(alice, 90)
    world.publish(bobs)

    search = asked(world.written(alice, bobs))

    assert (search.state, search.served, search.compared) == (State.FOUND, 90, 450)
    best = search.rules[0]
    assert best["text"].startswith("cash_ratio >= 0.")
    assert best["covered"] / best["served"] > 0.8 > 0.1 > best["others"] / best["compared"]
    with portrait.open_features(make.DAY) as (con, rows):
        member = Member(1, compile_condition(best["text"], catalogue()))
        assert count(Source(con, rows), member).matched in range(70, 140)


def test_clients_who_are_like_all_others_have_no_rule() -> None:
    alice = world.manager()
    bobs = world.clients(alice, 90)
    world.publish(bobs, planted=False)

    search = asked(world.written(alice, bobs))

    assert (search.state, search.rules) == (State.NO_RULE, [])


def test_few_clients_are_too_few_and_those_without_a_day_do_not_count() -> None:
    alice = world.manager()
    bobs = world.clients(alice, 81)
    world.publish(bobs[:79])

    search = asked(world.written(alice, bobs))

    assert (search.state, search.served, search.rules) == (State.TOO_FEW, 79, [])


def test_the_day_before_the_service_counts_and_nothing_later() -> None:
    alice = world.manager()
    bobs = world.clients(alice, 3)
    world.publish(bobs)
    world.publish(bobs, planted=False, day=world.SERVED_ON)

    table = gather(world.written(alice, bobs)).table

    cash = table.columns.index("cash_ratio")
    known = [row[cash] for row, mine in zip(table.rows, table.served, strict=True) if mine]
    assert len(known) == 3
    assert all(isinstance(one, float) and one >= 0.7 for one in known)


def test_a_day_that_is_long_past_says_nothing_of_a_service() -> None:
    alice = world.manager()
    bobs = world.clients(alice, 3)
    world.publish(bobs, day=make.DAY - timedelta(days=14))

    gathered = gather(world.written(alice, bobs))

    assert (gathered.served, gathered.compared, gathered.unknown) == (0, 0, 3)


def test_comparable_others_are_of_the_same_group_and_not_served_by_the_strategy() -> None:
    alice = world.manager()
    bobs = world.clients(alice, 10)
    of = version("A", goal="since_hit_login_cnt >= 1", goal_window=3)
    served = make.client("Served", manager=alice)
    hit(of, served)
    world.publish([*bobs[:5], served], others=20)

    gathered = gather(world.written(alice, bobs[:5], origin=of.strategy))

    assert (gathered.served, gathered.compared, gathered.unknown) == (5, 20, 0)


def test_no_rule_reads_what_the_service_causes_or_what_they_were_chosen_by() -> None:
    names = {one.name for one in features()}

    assert names & {"days_since_last_contact", "client_tier", "month_of_year", "news_push_open_rate_14d"} == set()
    assert {"cash_ratio", "perm_star", "age"} <= names


def test_a_search_that_is_on_its_way_is_not_asked_for_twice() -> None:
    case = world.written(alice := world.manager(), world.clients(alice, 1))
    searching.ask_search(case=case, by=alice.user, now=make.NOW)

    with pytest.raises(searching.CannotSearch):
        searching.ask_search(case=case, by=alice.user, now=make.NOW)

    assert CaseSearch.objects.count() == Job.objects.filter(name="outcomes.search_case").count() == 1


def test_a_process_that_dies_leaves_its_reason_and_can_be_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = world.manager()
    bobs = world.clients(alice, 80)
    world.publish(bobs, others=100)
    case = world.written(alice, bobs)
    monkeypatch.setattr(searching, "PROCESS", ["false"])

    search = asked(case)

    assert (search.state, search.rules) == (State.FAILED, [])
    assert "日志" in search.error
    assert "false" not in search.error
    assert searching.ask_search(case=case, by=alice.user, now=make.NOW).state == State.WAITING


def test_whatever_breaks_a_search_it_can_be_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    case = world.written(alice := world.manager(), world.clients(alice, 1))
    monkeypatch.setattr(searching, "gather", lambda _case: {}["gone"])

    assert asked(case).state == State.FAILED
    assert searching.ask_search(case=case, by=alice.user, now=make.NOW).state == State.WAITING


def test_a_search_whose_worker_never_came_is_given_up() -> None:
    case = world.written(alice := world.manager(), world.clients(alice, 1))
    lost = searching.ask_search(case=case, by=alice.user, now=make.NOW)

    again = searching.ask_search(case=case, by=alice.user, now=make.NOW + timedelta(hours=2))

    lost.refresh_from_db()
    assert (lost.state, again.state) == (State.FAILED, State.WAITING)


def test_a_search_that_is_done_stays_as_it_is() -> None:
    alice = world.manager()
    search = asked(world.written(alice, world.clients(alice, 1)))
    before: dict[str, Any] = {**vars(search)}

    searching.search(asked=search, now=make.NOW + timedelta(days=1))

    search.refresh_from_db()
    assert search.done_at == before["done_at"]
