"""Writes the entries of the library as strategies and versions, all of them with a few statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from kpm.strategies.models import Strategy, StrategyVersion, VersionEvent
from kpm.strategies.services.library.anchors import anchor_of
from kpm.strategies.services.library.changes import Change, changes
from kpm.strategies.services.library.checking import faults_of
from kpm.strategies.services.library.content import strategy_columns, version_columns
from kpm.strategies.services.library.entries import Entry, Fault

NOT_CONTENT = "catalogue_version"  # a comment in the catalogue makes no new version of every strategy


@dataclass
class Loaded:
    """What a load did, by strategy code; `faults` says what it did not load and why.

    `kept` were tuned by a person since and are left alone; `diffs` say of each changed one what it says anew.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    diffs: dict[str, list[Change]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@transaction.atomic
def load_library(*, entries: Iterable[Mapping[str, Any]], now: datetime, dry_run: bool = False) -> Loaded:
    """This will load every sound entry; what is wrong with the others is in `faults` of the result.

    A strategy whose newest version, draft or not, was written by a person is left as it is. It loads as installation
    and not as a person: what is on by default comes live, and the next version of what the library has live itself.
    With `dry_run` the same is told and nothing stays.
    """
    loaded = _loaded(entries, now)
    transaction.set_rollback(dry_run)
    return loaded


def _loaded(entries: Iterable[Mapping[str, Any]], now: datetime) -> Loaded:
    loaded = Loaded()
    sound = _untouched(_sound(entries, loaded), loaded)
    strategies = _strategies(sound)
    before = _newest(strategies)
    wanted = [_version(entry, strategies[code], before.get(code), now) for code, entry in sound.items()]
    StrategyVersion.objects.bulk_create([version for version in wanted if version.pk is None])
    for version in wanted:
        code = version.strategy.code
        kind = "unchanged" if version is before.get(code) else "changed" if code in before else "new"
        getattr(loaded, kind).append(code)
        if kind == "changed":
            loaded.diffs[code] = list(changes(before[code], version_columns(sound[code])))
    launched = [_launch(sound[v.strategy.code], v, before.get(v.strategy.code)) for v in wanted]
    moved = [row for row in launched if row]
    Strategy.objects.bulk_update(moved, ["live_version", "status"])
    # An installation launches its own versions: nobody's name stands under that, as nobody approved them here.
    VersionEvent.objects.bulk_create(
        VersionEvent(version=row.live_version, kind=VersionEvent.Kind.LAUNCHED, by=None, at=now) for row in moved
    )
    return loaded


def _sound(entries: Iterable[Mapping[str, Any]], loaded: Loaded) -> dict[str, Entry]:
    """The entries without faults by code; a code that stands twice is loaded once."""
    sound: dict[str, Entry] = {}
    for row in entries:
        entry = row if isinstance(row, Entry) else Entry(row)
        faults = faults_of(entry)
        if not faults and entry.code in sound:
            faults = [entry.fault("code", "another entry has this code already.")]
        loaded.faults.extend(faults)
        if not faults:
            sound[entry.code] = entry
    return sound


def _untouched(sound: dict[str, Entry], loaded: Loaded) -> dict[str, Entry]:
    """The entries of strategies that no person has written a newer version of."""
    rows = StrategyVersion.objects.filter(strategy__code__in=sound).order_by("strategy_id", "-number")
    newest = rows.distinct("strategy_id").values_list("strategy__code", "author")
    tuned = {code for code, author in newest if author is not None}
    loaded.kept.extend(sorted(tuned))
    return {code: entry for code, entry in sound.items() if code not in tuned}


def _strategies(entries: Mapping[str, Entry]) -> dict[str, Strategy]:
    """The strategies of the entries as they stand now, locked, with the number of their newest version."""
    columns = {code: strategy_columns(entry) for code, entry in entries.items()}
    # In one order for everybody, so that two loads, or a load and a run, never wait for each other in a circle.
    locked = Strategy.objects.select_for_update().filter(code__in=entries).order_by("pk")
    known = {row.code: row for row in locked}
    Strategy.objects.bulk_create(Strategy(code=code, **columns[code]) for code in entries if code not in known)
    renamed = [row for code, row in known.items() if any(getattr(row, k) != v for k, v in columns[code].items())]
    for row in renamed:
        vars(row).update(columns[row.code])
    if renamed:
        Strategy.objects.bulk_update(renamed, list(columns[renamed[0].code]))
    numbered = Strategy.objects.filter(code__in=entries).annotate(newest=Max("versions__number"))
    return {row.code: row for row in numbered}


def _newest(strategies: Mapping[str, Strategy]) -> dict[str, StrategyVersion]:
    """The newest version that the library itself wrote, by code."""
    own = StrategyVersion.objects.filter(
        strategy__in=strategies.values(), author__isnull=True, submitted_at__isnull=False
    )
    rows = own.select_related("strategy").order_by("strategy_id", "-number").distinct("strategy_id")
    return {row.strategy.code: row for row in rows}


def _version(entry: Entry, strategy: Strategy, before: StrategyVersion | None, now: datetime) -> StrategyVersion:
    """The version before when the entry says nothing new, else the next one."""
    wanted = version_columns(entry)
    if before and all(getattr(before, key) == value for key, value in wanted.items() if key != NOT_CONTENT):
        before.strategy = strategy
        return before
    number = (getattr(strategy, "newest", None) or 0) + 1
    return StrategyVersion(strategy=strategy, number=number, parent=before, submitted_at=now, **wanted)


def _launch(entry: Entry, version: StrategyVersion, before: StrategyVersion | None) -> Strategy | None:
    """The strategy with its new live version, None when it stays as it is."""
    strategy = version.strategy
    never = strategy.status == Strategy.Status.DRAFT and strategy.live_version_id is None
    # Without its key an object strategy would meet a client once for all his objects.
    if anchor_of(entry).waits or strategy.live_version_id == version.pk:
        return None
    if (never and entry["active_by_default"]) or (before and _was_live(strategy, before)):
        strategy.live_version, strategy.status = version, Strategy.Status.LIVE
        return strategy
    return None


def _was_live(strategy: Strategy, before: StrategyVersion) -> bool:
    return strategy.status == Strategy.Status.LIVE and strategy.live_version_id == before.pk
