"""What the day run calls: bring the lake up to the record, then compute everybody's features.

mirror_day(day=day, cutoff=cutoff) -> {lake table: rows of the day}
fold_ahead(day) takes a part of that work off the features, in a process beside the day run
compute_features(day=day, cutoff=cutoff) -> version
update_traits(day=day, cutoff=cutoff) -> version
compute_slot(slot=slot, day=day, night=night, cutoff=cutoff, since=since) -> clients, within a day (slots.py)
compute_morning(slot=slot, day=day, night=night, cutoff=cutoff) -> clients, all of them
"""

from datetime import date, datetime

from clients.lake import mirroring
from clients.lake.publishing import notes_of
from clients.market.calendar import calendar
from clients.portrait import spreads
from clients.portrait.building import TABLE, GroupFailed
from clients.portrait.carrying import CannotCarryOn, carry_on
from clients.portrait.describing import describe
from clients.portrait.event_states import EVENT_DAYS, VISIT_DAYS
from clients.portrait.selectors import NoFeatures
from clients.portrait.slots import OtherCatalogue, alone, compute_morning, compute_slot
from clients.portrait.sources import AsOf
from clients.portrait.states import DAY_TABLES, LATE_STATES, STATES
from clients.portrait.traits import publishing as traits
from clients.portrait.traits.declaring import CannotDeclare, declare, object_to, take_back

__all__ = [
    "CannotCarryOn",
    "CannotDeclare",
    "GroupFailed",
    "NoFeatures",
    "NotATradingDay",
    "NotMirrored",
    "OtherCatalogue",
    "compute_features",
    "compute_morning",
    "compute_slot",
    "cutoff_of",
    "declare",
    "fold_ahead",
    "mirror_day",
    "object_to",
    "take_back",
    "update_traits",
]


class NotATradingDay(Exception):
    """Features describe the close of a trading day that is certain."""


class NotMirrored(Exception):
    """Nobody has brought the day's clients into the lake, so there is nobody to describe."""


def mirror_day(*, day: date, cutoff: datetime) -> dict[str, int]:
    """This will bring the lake up to the record for `day`; the rows of the day by table.

    Waits for imports in flight. Killed anywhere and run again it gives the same files.
    """
    with alone():
        return mirroring.mirror_day(day=day, cutoff=cutoff)


def fold_ahead(day: date) -> None:
    """This will fold the running states to a mirrored day, and bring up the tables of money that are made from them.

    It goes from the last one on; `compute_features` begins at the first. Each is done once: who comes second to one
    waits for it and finds it done. Raises CannotCarryOn and NotMirrored.
    """
    tables = (table for table in reversed(DAY_TABLES) if table not in (EVENT_DAYS, VISIT_DAYS))
    carry_on(AsOf(day, cutoff_of(day)), states=reversed(STATES), tables=tables)


def cutoff_of(day: date) -> datetime:
    """Return the moment up to which rows are seen of a mirrored day. Raises NotMirrored."""
    noted = notes_of("clients", day)
    if not noted:
        raise NotMirrored(f"The clients of {day} are not in the lake; run mirror_day first.")
    return datetime.fromisoformat(noted["cutoff"])


def compute_features(*, day: date, cutoff: datetime) -> str:
    """This will publish one row per client for the close of `day`; the version, which changes when a value does.

    `mirror_day` comes first, with the same cutoff. A feature whose source has brought nothing for the day is unknown
    for everybody and listed by `selectors.stale_features`; so is every feature of a group whose file fails, listed by
    `selectors.failed_groups` with what is wrong, unless the day was computed before up to the same cutoff: then that
    group's values stay (`selectors.kept_groups`). Raises NotATradingDay, NotMirrored and CannotCarryOn; a day outside
    the calendar or only provisional raises what the calendar raises.
    """
    if not calendar().is_open(day, certain=True):
        raise NotATradingDay(f"{day} is no trading day; features describe the close of one.")
    with alone():
        noted = notes_of("clients", day)
        if not noted:
            raise NotMirrored(f"The clients of {day} are not in the lake; run mirror_day first.")
        if noted != mirroring.cutoff_note(cutoff):
            # Another run has mirrored the day for its own cutoff in the meantime.
            mirroring.mirror_day(day=day, cutoff=cutoff)
        at = AsOf(day, cutoff)
        carry_on(at, states=STATES, tables=DAY_TABLES, late=LATE_STATES)
        version = describe(at)
        spreads.publish(day)
        return version


def update_traits(*, day: date, cutoff: datetime) -> str:
    """This will publish the traits of everybody for the close of `day`; the version.

    `compute_features` comes first, with the same cutoff. A trait whose SELECT fails is unknown for everybody and listed
    by `selectors.failed_traits`; the others go on. Raises NoFeatures.
    """
    with alone():
        if not notes_of(TABLE, day):
            raise NoFeatures(f"There are no features for {day}; compute them first.")
        return traits.update(AsOf(day, cutoff))
