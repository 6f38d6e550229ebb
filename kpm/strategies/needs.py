"""What one client probably needs now, and why nothing of it was sent yet.

    needs_of(client_id, until=day, most=3) -> [Need]

First what the runs of the newest night and since matched for him and nobody delivered, each with what stopped it; then,
where that is too little, strategies that nearly match: a few comparisons are still to turn, by little. What is held out
to be compared is left out, unless who asks may know it: served by hand, it could not be compared any more.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

from clients.lake import manifest as manifests
from clients.lake import paths
from clients.lake.reading import open_lake, relation
from clients.portrait import catalogue as features
from clients.portrait import selectors as portrait
from kpm.engine import tree as t
from kpm.engine.check import Condition, compile_condition
from kpm.engine.explain import LeafResult, core, explain
from kpm.engine.near import near_miss
from kpm.engine.normal import digest
from kpm.engine.problem import ConditionError
from kpm.engine.text import normal
from kpm.strategies import selectors
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.members import EVERYBODY
from kpm.strategies.models import Hit, Run, StrategyVersion
from kpm.strategies.models.strategy import Purpose
from kpm.strategies.services.lines import table_of

# How far all comparisons of a near miss may lie from their thresholds together, in sizes of these thresholds.
NEAR, FAR = Decimal("0.25"), Decimal("Infinity")
COMPILED = 1024  # conditions that a process keeps ready
COMPARED = frozenset({"holdout_universal", "holdout_strategy"})
WAITING = "waiting"
Row = Mapping[str, Any]
Shape = int | tuple[str, tuple["Shape", ...]]


@dataclass(frozen=True)
class Need:
    """One service. `values` say why; `stopped_by` is the reason of the funnel, empty when it nearly matches.

    `missing` are the comparisons that are not true yet, with the features they speak of in `named`.
    """

    version: StrategyVersion
    values: Row
    stopped_by: str = ""
    missing: tuple[LeafResult, ...] = ()
    named: Row = field(default_factory=dict)

    @property
    def compared(self) -> bool:
        """Whether it is held out to be compared."""
        return self.stopped_by in COMPARED


@dataclass(frozen=True)
class _Asked:
    """Whom and what a question is about; `compared`: hold-outs as well."""

    client_id: int
    row: Row
    compared: bool


def needs_of(client_id: int, *, until: date, most: int, on_screen: bool = True, compared: bool = False) -> list[Need]:
    """Return at most so many services that the client needs by the newest runs up to a day, the most needed first.

    Without `on_screen` nothing is said that rests on what he did on screen; with `compared` what is held out is told.
    None while no run is published or he is not in its features.
    """
    night = selectors.last_night(until)
    live = {version.pk: version for version in selectors.live() if on_screen or not watches(version)}
    row = _row_of(client_id, night.day, live.values()) if night else None
    if night is None or row is None:
        return []
    asked = _Asked(client_id, row, compared)
    stopped, found = _matched(asked, selectors.runs_since(night, until), live)
    short = most - len(found)
    return found[:most] + (_nearly(asked, live, stopped, night.day, short) if short > 0 else [])


def _row_of(client_id: int, day: date, versions: Iterable[StrategyVersion]) -> Row | None:
    """What the versions read of his features of a day; one that is younger than the day is unknown."""
    names = sorted({name for version in versions for name in _read(version)})
    try:
        row = portrait.feature_row(day, client_id, names=names)
    except portrait.NoFeatures:
        return None
    return dict.fromkeys(names) | row if row else None


def _read(version: StrategyVersion) -> set[str]:
    """The features of condition and population, and those that the texts name."""
    meant = _compiled(version.population)
    return {*version.features, *version.shown, *(meant.features if meant else ())} & catalogue().features.keys()


@lru_cache(maxsize=1)
def _behaviour() -> frozenset[str]:
    return frozenset(one.name for one in features.features() if one.purpose == features.BEHAVIOUR)


def watches(version: StrategyVersion) -> bool:
    """Return whether a version reads what clients did on screen."""
    return not _behaviour().isdisjoint(version.features)


def _matched(asked: _Asked, runs: list[Run], live: Mapping[int, StrategyVersion]) -> tuple[set[int], list[Need]]:
    """The versions that matched, whatever came of them, and those needs of them that were not sent."""
    hits = {hit.version_id: hit for hit in selectors.hits_since(asked.client_id, runs)}
    stopped = {**_stopped(asked.client_id, runs), **{pk: _why(hit) for pk, hit in hits.items()}}
    shown = {pk: why for pk, why in stopped.items() if pk in live and why and (asked.compared or why not in COMPARED)}
    ordered = sorted(shown, key=lambda pk: _urgency(live[pk], hits.get(pk)))
    return set(stopped), [Need(live[pk], _values(hits.get(pk), asked.row), shown[pk]) for pk in ordered]


def _why(hit: Hit) -> str:
    """What keeps a hit from its client; empty when it was delivered."""
    if hit.delivered_at is not None:
        return ""
    return hit.stopped_by or WAITING


def _values(hit: Hit | None, row: Row) -> Row:
    """The record keeps the values of hits past the consent gate; the others had those of the night."""
    return hit.evidence if hit else row


def _urgency(version: StrategyVersion, hit: Hit | None) -> tuple[int, float, str]:
    """Law and risk first, then what is worth most."""
    worth = hit.score if hit and hit.score is not None else float("-inf")
    return Purpose.values.index(version.purpose), -worth, version.strategy.code


def _stopped(client_id: int, runs: list[Run]) -> dict[int, str]:
    """The lines of these runs about a client, by version: what stopped the one that came furthest."""
    part = paths.bucket(client_id)
    places = sorted({(table_of(run.slot), run.day) for run in runs})
    rows = [relation(table, [day], part=part) for table, day in places if manifests.read(table, day)]
    if not rows:
        return {}
    lines = " UNION ALL ".join(f"SELECT version_id, stage, stopped_by, run_id, client_id FROM {one}" for one in rows)
    with open_lake() as con:
        found = con.execute(
            f"""SELECT version_id, arg_max(stopped_by, {{'run': run_id, 'stage': stage}}) FROM ({lines})
            WHERE client_id = ? AND run_id IN (SELECT unnest(?::BIGINT[])) GROUP BY version_id""",
            [client_id, [run.pk for run in runs]],
        )
        return dict(found.fetchall())


def _nearly(
    asked: _Asked, live: Mapping[int, StrategyVersion], matched: Collection[int], day: date, most: int
) -> list[Need]:
    """At most so many that nearly match, the nearest first; what the night could not judge is none of them."""
    blind = portrait.blind_features(day).keys()
    open_to = [live[pk] for pk in live if pk not in matched and blind.isdisjoint(live[pk].features)]
    apart = sorted((_distance(version, asked.row), version.strategy.code, version.pk) for version in open_to)
    near = (_near(live[pk], asked.row) for distance, _code, pk in apart if distance <= NEAR)
    return list(islice((need for need in near if need), most))


def _distance(version: StrategyVersion, row: Row) -> Decimal:
    """How far a version is from matching; FAR when a value is missing, or a comparison to turn has no distance."""
    try:
        meant, condition = _compiled(version.population), _compiled(version.condition)
    except ConditionError:
        return FAR  # the catalogue has changed since it was launched
    if condition is None or (meant is not None and explain(meant, row).truth is not True):
        return FAR
    found = explain(condition, row, scales=_sizes(version.condition))
    return FAR if found.truth is True else _cheapest(_shape(version.condition), found.leaves)


def _cheapest(shape: Shape, leaves: Sequence[LeafResult]) -> Decimal:
    """AND adds up, OR takes the cheapest: the least that has to change, whether or not values can be found for it."""
    if isinstance(shape, int):
        leaf = leaves[shape]
        if leaf.truth is True:
            return Decimal(0)
        # Above nothing is where most things begin: who has none of something is not near to having it.
        return FAR if leaf.truth is None or leaf.margin is None or leaf.threshold == 0 else abs(leaf.margin)
    op, parts = shape
    costs = [_cheapest(part, leaves) for part in parts]
    return sum(costs, Decimal(0)) if op == "AND" else min(costs)


def _near(version: StrategyVersion, row: Row) -> Need | None:
    """The need of a version that values can be found for; these take long to find, so only near ones are asked."""
    condition = _compiled(version.condition)
    near = near_miss(condition, row, scales=_sizes(version.condition)) if condition else None
    if near is None or near.changes is None or near.cost.needs or near.cost.distance > NEAR:
        return None
    return Need(version, row, "", near.turn, condition.features if condition else {})


@lru_cache(maxsize=COMPILED)
def _compiled(text: str) -> Condition | None:
    """A condition ready to be asked, None for everybody; texts of live versions never change."""
    return None if text.strip().upper() == EVERYBODY else compile_condition(text, catalogue())


@lru_cache(maxsize=COMPILED)
def _shape(text: str) -> Shape:
    """How a condition is put together from its comparisons, by their places."""
    condition = _compiled(text)
    if condition is None:
        return "AND", ()
    return _shape_of(condition.tree, {record.leaf_id: n for n, record in enumerate(condition.leaves)})


def _shape_of(tree: t.Tree, places: Mapping[str, int]) -> Shape:
    if isinstance(tree, t.Group):
        return tree.op, tuple(_shape_of(part, places) for part in tree.parts)
    return places[digest(normal(tree))]


@lru_cache(maxsize=COMPILED)
def _sizes(text: str) -> dict[str, Decimal]:
    """Distances count in sizes of their thresholds, so that yuan and ratios can be added."""
    condition = _compiled(text)
    leaves = [(record.features[0], core(record.leaf)) for record in condition.leaves] if condition else []
    return {name: size for name, leaf in leaves if (size := _size(leaf))}


def _size(leaf: t.PlainLeaf) -> Decimal | None:
    """The size of a threshold that is a number; 1 where there is none."""
    right = leaf.right if isinstance(leaf, t.Compare) else None
    return abs(right.value) if isinstance(right, t.Constant) and isinstance(right.value, Decimal) else None
