"""What arbitration is worth: the value served in a simulated stream of days, against simpler orders at one capacity.

    values(days=60) -> Values

Each day brings hits of clients with a chance of the goal, a value of it and a priority that its author gave by the
value as far as he knew it. Our rounds run in the database as in a night; the peers take hits by priority, and as they
come, under the same caps and the same capacity.
"""

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from bench import throwaway
from clients.shared import clock
from kpm.strategies.models import CapacityBudget, Stage
from kpm.strategies.scores import scores
from kpm.strategies.services.arbitrate import arbitrate

DAY, SEED = date(2026, 11, 20), 20150311
HITS, CLIENTS, POOLS, SLOTS = 2000, 600, 9, 33  # a day; slots of each pool
CHANCE, WORTH, DOUBT = (-3.0, 0.8), (4.6, 0.9), 0.9  # of logarithms: mean and spread; what the author does not know
TABLES = """
CREATE TEMP TABLE held (version_id bigint, reason text) ON COMMIT DROP;
CREATE TEMP TABLE m (uid uuid, version_id bigint, client_id bigint, strategy_id bigint, occurrence text, salt text,
    purpose text, family text, contact_kind text, score float, first_day date, delivered bool, pool text, person bigint,
    action text,
    task_after_hours int, stage int, stopped_by text, verdict text, lost_to uuid, would_win bool, refill bool,
    rank bigint, propensity float, refusal jsonb) ON COMMIT DROP;
CREATE TEMP TABLE room ON COMMIT DROP AS
SELECT n AS client_id, 'service'::text AS purpose, 'human'::text AS kind, 1 AS room FROM generate_series(1, %s) AS n
"""
INSERT = """
INSERT INTO m (uid, version_id, client_id, strategy_id, occurrence, salt, purpose, family, contact_kind, score,
    first_day, delivered, pool, action, stage, stopped_by)
SELECT uid, strategy, client, strategy, '', '', 'service', strategy::text, 'human', score,
    %s, false, pool, 'task', %s, ''
FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::float[], %s::text[]) AS h(uid, client, strategy, score, pool)
"""


@dataclass(frozen=True)
class Offer:
    """One hit: whom, by whom, what it is worth on average, and the priority that its strategy has, 1 first."""

    uid: str
    client: int
    strategy: int
    pool: str
    score: float
    priority: int


@dataclass(frozen=True)
class Values:
    """The value served over all days, CNY."""

    ours: float
    priority: float
    first_come: float


def values(*, days: int) -> Values:
    """Return what is served over so many simulated days by our rounds and by the two peers."""
    dice = random.Random(SEED)  # noqa: S311 - a stream that is the same in every run
    ours = priority = first_come = 0.0
    with throwaway.database():
        for pool in range(POOLS):
            CapacityBudget.objects.create(day=DAY, pool=_pool(pool), capacity=SLOTS)
        for _day in range(days):
            offers = _offers(dice)
            ours += _ours(offers)
            priority += _in_order(sorted(offers, key=lambda offer: offer.priority))
            first_come += _in_order(offers)
    return Values(ours, priority, first_come)


def _offers(dice: random.Random) -> list[Offer]:
    return [_offer(dice, number) for number in range(HITS)]


def _offer(dice: random.Random, number: int) -> Offer:
    worth = dice.gauss(*WORTH)
    known = (worth + dice.gauss(0, DOUBT) - WORTH[0]) / (WORTH[1] ** 2 + DOUBT**2) ** 0.5
    priority = 1 + sum(known < edge for edge in (0.84, 0.25, -0.25, -0.84))  # fifths of the normal distribution
    score = min(2.718281828 ** dice.gauss(*CHANCE), 1) * 2.718281828**worth
    uid = str(uuid.UUID(int=dice.getrandbits(128)))
    return Offer(uid, dice.randint(1, CLIENTS), number, _pool(dice.randrange(POOLS)), score, priority)


def _pool(number: int) -> str:
    return f"client_manager:P{number}"


def _ours(offers: list[Offer]) -> float:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TABLES, [CLIENTS])
        columns = ([offer.uid for offer in offers], [offer.client for offer in offers])
        rest = ([o.strategy for o in offers], [o.score for o in offers], [o.pool for o in offers])
        cursor.execute(INSERT, [DAY, Stage.NOT_HELD_OUT, *columns, *rest])
        return _served(cursor)


def _served(cursor: CursorWrapper) -> float:
    begins, ends = _at(0), _at(23)
    arbitrate(
        cursor,
        {
            "day": DAY, "now": begins, "work_day": DAY, "work_from": DAY, "work_begins": begins, "work_ends": ends,
            "explored": scores().explored,
        },
    )  # fmt: skip
    cursor.execute("SELECT coalesce(sum(score), 0) FROM m WHERE verdict = 'won'")
    return float(cursor.fetchone()[0])


def _at(hour: int) -> datetime:
    return clock.at_shanghai(DAY, time(hour))


def _in_order(offers: Iterable[Offer]) -> float:
    """Take offers one after the other while the client and the pool have room."""
    served, left, value = set(), dict.fromkeys(map(_pool, range(POOLS)), SLOTS), 0.0
    for offer in offers:
        if offer.client not in served and left[offer.pool]:
            served.add(offer.client)
            left[offer.pool] -= 1
            value += offer.score
    return value
