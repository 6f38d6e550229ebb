"""What `strategies check` says about the library: how many could run, and what the others wait for."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clients.portrait import selectors as portrait
from kpm.engine.check import check
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.members import named_in
from kpm.strategies.services.library.anchors import anchor_of
from kpm.strategies.services.library.checking import faults_of
from kpm.strategies.services.library.content import texts_of
from kpm.strategies.services.library.entries import Entry, Fault
from kpm.strategies.services.library.goals import goal_of


@dataclass
class Report:
    """The entries by what becomes of them, each by its code.

    `waiting` are switched on but wait for a feature or a key; `unfilled` says which features nothing computes yet and
    who waits for them (with a * who only shows them in a text), `keyless` which anchors have no key column yet.
    """

    entries: int = 0
    faults: list[Fault] = field(default_factory=list)
    live: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    off: list[str] = field(default_factory=list)
    without_goal: list[str] = field(default_factory=list)
    schedules: Counter[str] = field(default_factory=Counter)
    unfilled: dict[str, list[str]] = field(default_factory=dict)
    keyless: dict[str, list[str]] = field(default_factory=dict)


def report(entries: Sequence[Entry], unread: Sequence[Fault] = ()) -> Report:
    """Look through entries that were read; `unread` are the faults of those that could not be."""
    found = Report(entries=len(entries), faults=list(unread))
    unfilled = set(portrait.waiting_features())
    for entry in entries:
        if faults := faults_of(entry):
            found.faults += faults
        else:
            _add(found, entry, unfilled)
    return found


def _add(found: Report, entry: Entry, unfilled: set[str]) -> None:
    condition = check(entry["trigger"], catalogue()).condition
    read = set(condition.features) if condition else set()
    shown = set(named_in(*texts_of(entry))) - read
    for name in sorted((read | shown) & unfilled):
        found.unfilled.setdefault(name, []).append(entry.code + ("" if name in read else "*"))
    for name in anchor_of(entry).waits:
        found.keyless.setdefault(name, []).append(entry.code)
    ready = not read & unfilled and not anchor_of(entry).waits
    (found.off if not entry["active_by_default"] else found.live if ready else found.waiting).append(entry.code)
    found.schedules[entry["schedule"]] += 1
    if not goal_of(entry).text:
        found.without_goal.append(entry.code)


def lines(found: Report) -> Iterator[str]:
    """Say a report, a line a fact; the faults are left to the caller."""
    sound = len(found.live) + len(found.waiting) + len(found.off)
    yield f"{found.entries} strategies, {sound} without fault; catalogue of {len(catalogue())} features"
    yield f"on and ready {len(found.live)}, on but waiting {len(found.waiting)}, off by default {len(found.off)}"
    yield f"by schedule: {said(found.schedules)}"
    yield f"without a goal that both arms can have: {len(found.without_goal)}; nobody is held out of them"
    yield f"features that nothing computes yet: {len(found.unfilled)} (* only shown in a text)"
    sources = portrait.waiting_features()
    for name, codes in sorted(found.unfilled.items()):
        yield f"  {name} (waits for {sources[name]}): {', '.join(codes)}"
    yield f"anchors without a key yet: {len(found.keyless)}"
    for name, codes in sorted(found.keyless.items()):
        yield f"  {', '.join(codes)} waits for the key of {name}"


def said(counts: Mapping[str, int]) -> str:
    """Return counts as text, the largest first."""
    return ", ".join(f"{word} {number}" for word, number in sorted(counts.items(), key=lambda row: (-row[1], row[0])))
