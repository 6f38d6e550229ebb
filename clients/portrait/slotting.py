"""The slots of a day: what each computes anew, and what it reads as of now. See `slots.py` for the computing."""

from collections.abc import Collection
from dataclasses import dataclass, field

from clients.lake.folding import Running
from clients.portrait import catalogue
from clients.portrait.building import TABLE
from clients.portrait.daytables import DayTable
from clients.portrait.event_states import EVENT_DAYS, EVENT_STATES

SEEN_NOW = "seen_now"  # the column that tells rows of the newest computation from those of earlier in the day


@dataclass(frozen=True)
class Slot:
    """What a slot computes: `groups`, after `tables` and `states` were brought up.

    It looks at clients of whom something arrived in the tables `told`, and at those who hold or watch a security that
    the tables `about` name; without either at everybody. `mirrored` tables are copied from the record before that is
    asked, `snapshots` only when somebody is looked at. `since_night` are groups for which "since the last batch" begins
    with the day of the night, because no other slot has told what that day brought.
    """

    groups: tuple[str, ...]
    told: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    mirrored: tuple[str, ...] = ()
    snapshots: tuple[str, ...] = ()
    tables: tuple[DayTable, ...] = ()
    states: tuple[Running, ...] = ()
    since_night: frozenset[str] = field(default_factory=frozenset)

    @property
    def fresh(self) -> frozenset[str]:
        """The tables that are read as of now."""
        carried = (*(t.table for t in self.tables), *(s.table for s in self.states))
        return frozenset([*self.told, *self.about, *self.mirrored, *self.snapshots, *carried])


OF_SECURITIES = ("open_events", "rating_changes")
OF_CLIENTS = ("clients", "accounts", "consents", "assessments", "profiles", "permission_rules", "securities")
EVENT = Slot(
    groups=("behaviour", "market_event", "news", "service"),
    told=("events", "facts"),
    about=("security_events",),
    mirrored=("facts", "security_events"),
    snapshots=OF_SECURITIES,
    tables=(EVENT_DAYS,),
    states=EVENT_STATES,
)
IN_SESSION = Slot(
    groups=(*EVENT.groups, "margin"),
    told=EVENT.told,
    about=(*EVENT.about, "bars"),
    mirrored=(*EVENT.mirrored, "bars"),
    snapshots=EVENT.snapshots,
    tables=EVENT.tables,
    states=EVENT.states,
)
PRE_OPEN = Slot(
    groups=("account", "market_event", "news"),
    mirrored=("security_events",),
    snapshots=(*OF_SECURITIES, *OF_CLIENTS),
    since_night=frozenset({"news"}),
)
DAILY = Slot(
    groups=("account", "client", "market_event", "news"),
    mirrored=PRE_OPEN.mirrored,
    snapshots=PRE_OPEN.snapshots,
    since_night=PRE_OPEN.since_night,
)
SLOTS = {"event": EVENT, "intraday": IN_SESSION, "pre_open_0830": PRE_OPEN, "daily_0900": DAILY}


def table_of(slot: str) -> str:
    """Return the lake table with the features of a slot; "" is the night's."""
    return f"{TABLE}_{slot}" if slot else TABLE


def groups_of(slot: str) -> tuple[str, ...]:
    """Return the feature groups that a slot computes anew; none for a slot that reads the night's features."""
    return SLOTS[slot].groups if slot in SLOTS else ()


def mended(slot: str, stale: Collection[str]) -> set[str]:
    """Return the features that a slot makes known again when they were unknown at night, of which `stale` lacked rows.

    Of a table that the slot reads as of the night, the rows that were missing then are still missing.
    """
    if slot not in SLOTS:
        return set()
    of = SLOTS[slot]
    anew = [one for one in catalogue.features() if one.group in of.groups and not one.waits]
    return {one.name for one in anew if one.name not in stale or of.fresh.issuperset(one.freshness)}
