"""Consents: most clients agree to all three purposes, some withdraw marketing later."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from portal.demo.sample import story
from portal.demo.sample.dice import dice
from portal.demo.sample.people import Person

PURPOSES = ("marketing", "personalisation", "service_push")
VERSION = "v1"
WITHDRAWN_IN_SEVEN = 1
FAITHFUL = (story.CONCENTRATED, story.BIG_MOVE, story.QUIET_STARTER)


def rows(persons: Sequence[Person], data_date: date, seed: int) -> Iterator[dict[str, object]]:
    """Yield the lines of the consents file."""
    for person in persons:
        if person.status != "closed":
            yield from _of(person, data_date, dice(seed, "consents", person.number))


def _of(person: Person, data_date: date, rng: Random) -> Iterator[dict[str, object]]:
    since = max(person.opened_on, data_date - timedelta(days=rng.randint(200, 400)))
    given = datetime.combine(since, time(10, 0)) + timedelta(minutes=rng.randint(0, 240))
    channel = rng.choice(("app", "app", "web", "branch"))
    for purpose in _purposes(person):
        yield _row(person, purpose, given, True, channel)
    if _withdraws(person, rng):
        withdrawn = datetime.combine(data_date - timedelta(days=5), time(20, 15, rng.randint(0, 59)))
        yield _row(person, "marketing", withdrawn, False, "app")


def _purposes(person: Person) -> tuple[str, ...]:
    return PURPOSES[1:] if person.who is story.UNASSESSED else PURPOSES


def _withdraws(person: Person, rng: Random) -> bool:
    if person.who in FAITHFUL or person.who is story.UNASSESSED:
        return False
    return rng.randrange(7) < WITHDRAWN_IN_SEVEN or person.who is story.QUIET_REFUSER


def _row(person: Person, purpose: str, at: datetime, given: bool, channel: str) -> dict[str, object]:
    return {
        "client_no": person.client_no, "purpose": purpose, "version": VERSION, "at": at, "given": given,
        "channel": channel,
    }  # fmt: skip
