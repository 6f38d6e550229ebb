"""Which versions run in which branches today, and how the branches of a step are drawn (STRATEGY 8.4)."""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.backends.utils import CursorWrapper

from clients.org.models import Branch
from clients.portrait import selectors as portrait
from kpm.strategies.figures import launch
from kpm.strategies.models import RolloutStep, Strategy, StrategyVersion
from kpm.strategies.models.runs import AFTER_SETTLEMENT, WITHIN_THE_DAY

Status = Strategy.Status
RUNS = (Status.PILOT, Status.ROLLING, Status.LIVE)
SPREADING = (Status.PILOT, Status.ROLLING)
# Branches with clients, by how many and by what these hold, so that neighbours in the list are alike.
SIZES = """
SELECT b.id, count(DISTINCT c.id) AS clients, coalesce(sum(p.market_value), 0) AS worth
FROM org_branch b JOIN register_client c ON c.branch_id = b.id
LEFT JOIN ledger_position p ON p.client_id = c.id AND p.day = (SELECT max(day) FROM ledger_position)
WHERE b.path LIKE %s GROUP BY b.id ORDER BY clients DESC, worth DESC, b.id
"""
CONFINED = "CREATE TEMP TABLE confined (version_id bigint, branch_id bigint) ON COMMIT DROP"
LEAVE = """
DELETE FROM found f USING register_client c WHERE c.id = f.client_id AND f.version_id = ANY(%s)
AND NOT EXISTS (SELECT FROM confined k WHERE k.version_id = f.version_id AND k.branch_id = c.branch_id)
"""


@dataclass(frozen=True)
class Place:
    """A version and the branches in which it runs, by id; None is everywhere."""

    version: StrategyVersion
    branches: frozenset[int] | None = None

    @property
    def said(self) -> str:
        """The branches in one line, for what depends on them."""
        return "everywhere" if self.branches is None else ",".join(map(str, sorted(self.branches)))


def running(slot: str) -> list[Place]:
    """Return what runs in a slot, by strategy code: in the branches of its steps a new version, elsewhere the live one.

    The night judges those of the slots within the day too: what files bring is known after settlement only, and an
    occurrence that was served meanwhile is no new one. Within the day only versions that read what was computed anew
    can have found anything new.
    """
    rows = Strategy.objects.filter(status__in=RUNS).order_by("code")
    found = rows.select_related("live_version", "pilot_version", "steward_branch")
    every = None
    places: list[Place] = []
    for strategy in found:
        if every is None and (strategy.steward_branch or strategy.status in SPREADING):
            every = list(Branch.objects.values_list("pk", "path"))
        places += _places(strategy, every or [])
    slots = (slot, *WITHIN_THE_DAY) if slot == AFTER_SETTLEMENT else (slot,)
    fresh = portrait.fresh_features(slot)
    return [
        place
        for place in places
        if place.version.schedule in slots and (slot not in WITHIN_THE_DAY or fresh & set(place.version.features))
    ]


def home_of(strategy: Strategy) -> frozenset[int] | None:
    """Return the branches of a strategy that belongs to one, by id; None for one of the company."""
    if strategy.steward_branch is None:
        return None
    below = Branch.objects.filter(path__startswith=strategy.steward_branch.path)
    return frozenset(below.values_list("pk", flat=True))


def _places(strategy: Strategy, every: Sequence[tuple[int, str]]) -> list[Place]:
    """The versions of one strategy; they never meet in a branch."""
    home = None
    if strategy.steward_branch is not None:
        home = frozenset(pk for pk, path in every if path.startswith(strategy.steward_branch.path))
    if strategy.status not in SPREADING or strategy.pilot_version is None:
        return _place(strategy, strategy.live_version, home)
    here = branches_of(strategy.pilot_version)
    rest = (home if home is not None else frozenset(pk for pk, _path in every)) - here
    return _place(strategy, strategy.pilot_version, here) + _place(strategy, strategy.live_version, rest)


def _place(strategy: Strategy, version: StrategyVersion | None, branches: frozenset[int] | None) -> list[Place]:
    if version is None:
        return []
    version.strategy = strategy  # one object for all that ask
    return [Place(version, branches)]


def branches_of(version: StrategyVersion) -> frozenset[int]:
    """Return the branches in which the steps begun so far run, by id."""
    begun = RolloutStep.objects.filter(version=version, started_on__isnull=False)
    return frozenset(pk for drawn in begun.values_list("drawn", flat=True) for pk in drawn)


def confine(cursor: CursorWrapper, places: Iterable[Place]) -> None:
    """This will take out of `found` what a version matched outside of its branches."""
    kept = [place for place in places if place.branches is not None]
    if not kept:
        return
    cursor.execute("DROP TABLE IF EXISTS confined")
    cursor.execute(CONFINED)
    pairs = [(place.version.pk, branch) for place in kept for branch in sorted(place.branches or ())]
    cursor.execute(
        "INSERT INTO confined SELECT * FROM unnest(%s::bigint[], %s::bigint[])",
        [[version for version, _branch in pairs], [branch for _version, branch in pairs]],
    )
    cursor.execute(LEAVE, [[place.version.pk for place in kept]])


def draw(step: RolloutStep) -> list[int]:
    """Return the branches in which a step is to run, by id: the chosen ones with those below, else a share that is
    drawn. The same strategy always draws in the same order, so that a larger share contains the smaller one. A strategy
    of a branch stays there, whatever its plan names.
    """
    home = step.version.strategy.steward_branch
    chosen = step.branches.values_list("path", flat=True)
    if chosen:
        inside = Branch.objects.filter(path__startswith=home.path if home else "")
        return sorted(pk for pk, path in inside.values_list("pk", "path") if path.startswith(tuple(chosen)))
    with connection.cursor() as cursor:
        cursor.execute(SIZES, [f"{home.path if home else '/'}%"])
        ordered = in_pairs([row[0] for row in cursor.fetchall()], step.version.strategy.salt)
    return sorted(ordered[: _number(step.share, len(ordered))])


def _number(share: Decimal, of: int) -> int:
    wanted = math.ceil(Decimal(share) * of / 100)
    return min(max(wanted, launch().least_branches), of)


def in_pairs(alike: Sequence[int], salt: str) -> list[int]:
    """Return branches in the order of the draw, from a list in which neighbours are alike: first one of each pair, then
    the others, pairs and halves by lot. Any beginning of it is as mixed as the whole.
    """
    pairs = [alike[at : at + 2] for at in range(0, len(alike), 2)]
    shuffled = sorted((sorted(pair, key=lambda pk: _lot(salt, pk)) for pair in pairs), key=lambda p: _lot(salt, *p))
    return [pair[0] for pair in shuffled] + [pk for pair in shuffled for pk in pair[1:]]


def _lot(salt: str, *branches: int) -> str:
    return hashlib.sha256(f"{salt}:branch:{branches}".encode()).hexdigest()
