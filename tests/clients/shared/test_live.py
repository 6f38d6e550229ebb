"""Versions of live channels: raised on commit, in order, and never in each other's way."""

import random
import select
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg2
import pytest
from django.db import connection, transaction

from clients.shared import live
from clients.shared.models import Channel
from tests.together import at_once

NAMES = ["branch:1:board", "client:7:home", "pool:call_centre", "staff:1", "staff:2"]


def versions() -> dict[str, int]:
    return dict(Channel.objects.values_list("name", "version"))


@pytest.mark.django_db
def test_names_are_raised_once_each_in_their_order(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        live.bump("staff:2", "client:7:home", "staff:2")
    with django_capture_on_commit_callbacks(execute=True):
        live.bump("client:7:home")

    assert versions() == {"client:7:home": 2, "staff:2": 1}


@pytest.mark.django_db
def test_no_name_is_no_work(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as waiting:
        live.bump()

    assert waiting == []


@pytest.mark.django_db
def test_what_is_gathered_is_raised_once_in_the_end(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True) as waiting, live.gathered():
        live.bump("staff:2", "client:7:home")
        live.bump("client:7:home")

    assert (versions(), len(waiting)) == ({"client:7:home": 1, "staff:2": 1}, 1)


@pytest.mark.django_db
def test_nothing_of_a_broken_off_block_is_raised_and_the_next_bump_is_as_ever(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        with suppress(ZeroDivisionError), live.gathered():
            live.bump("staff:1")
            _ = 1 // 0
        live.bump("staff:2")

    assert versions() == {"staff:2": 1}


@pytest.mark.django_db(transaction=True)
def test_nothing_is_raised_before_the_commit_nor_after_a_rollback() -> None:
    with transaction.atomic():
        live.bump("staff:1")
        before = versions()
    with transaction.atomic():
        live.bump("staff:2")
        transaction.set_rollback(True)

    assert before == {}
    assert versions() == {"staff:1": 1}


@pytest.mark.django_db(transaction=True)
def test_who_listens_is_told_the_names() -> None:
    listener = psycopg2.connect(**connection.get_connection_params())
    listener.autocommit = True
    listener.cursor().execute("LISTEN live")

    live.bump("staff:2", "staff:1")

    select.select([listener], [], [], 10)
    listener.poll()
    told = [(notice.channel, notice.payload) for notice in listener.notifies]
    listener.close()
    assert told == [("live", "staff:1"), ("live", "staff:2")]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_wait_for_each_other_for_ever() -> None:
    def page(seed: int) -> Callable[[], int]:
        def work() -> int:
            dice, raised = random.Random(seed), 0
            for _turn in range(25):
                names = dice.sample(NAMES, dice.randint(1, len(NAMES)))
                with transaction.atomic():
                    live.bump(*names)
                raised += len(names)
            return raised

        return work

    raised = at_once(*(page(seed) for seed in range(8)))

    assert sum(versions().values()) == sum(raised)
