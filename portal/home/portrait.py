"""What we know about a client as he reads it himself: every trait in words, what was seen, what he said of it.

    picture(client, now) -> Picture     the whole page
    one(client, name, now) -> Line      one trait of it

A trait without a sign is shown as not known, with what would make it known. What he says holds from the next night on;
until then the page says so beside what the last night concluded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from clients.market.calendar import OutsideCalendar, calendar
from clients.market.models import Security
from clients.portrait import selectors as portrait
from clients.portrait.models import Declaration
from clients.portrait.selectors import Concluded, Portrait
from clients.portrait.traits.every import TRAITS
from clients.portrait.traits.reading import label_of
from clients.portrait.traits.trait import Text, Trait
from clients.portrait.traits.wide import shown
from clients.register.models import Client
from clients.shared import clock

# From which probability on a value is called so; below all of them it is called likely.
WORDS: tuple[tuple[float, Text], ...] = ((0.9, _("sure")), (0.7, _("fairly sure")), (0.0, _("likely")))
CLARITY: tuple[tuple[float, Text], ...] = (
    (0.6, _("Most of what is asked here has an answer, and the answers rest on much that was seen.")),
    (0.3, _("Some things are clear by now, others are still open.")),
    (0.1, _("There is a first idea, resting on little.")),
    (0.0, _("Hardly anything is known yet.")),
)
# What makes a trait known, by the tables of the lake that its signs are read from.
TOLD_BY: tuple[tuple[set[str], Text], ...] = (
    ({"live_trades", "traded", "held", "bars"}, _("when you trade")),
    ({"live_flows"}, _("when money or securities come in or go out")),
    ({"event_days", "sessions"}, _("when you use these pages and agree to the analysis of that")),
    ({"touches"}, _("when we speak with each other")),
    ({"declared", "clients"}, _("when you tell your branch")),
    ({"features"}, _("when your accounts have been watched for some weeks")),
)
ALWAYS: Text = _("when you tell us here")


@dataclass(frozen=True)
class Line:
    """One trait: what the last night concluded (`found`), the client's newest word (`said`) and whether it waits."""

    trait: Trait
    found: Concluded | None
    said: Declaration | None
    waits: bool
    failed: bool
    choices: tuple[tuple[str, Text], ...]

    @property
    def known(self) -> bool:
        """Whether there is a value to show: none without evidence."""
        return self.found is not None and self.found.value is not None

    @property
    def word(self) -> Text:
        """How sure the value is, in words."""
        return _word(WORDS, (self.found.confidence if self.found else None) or 0.0)

    @property
    def objected(self) -> bool:
        """Whether his newest word is that this be not concluded."""
        return self.said is not None and self.said.value == Declaration.OBJECTION

    @property
    def corrected(self) -> Text:
        """The words for the value that he gave himself; empty when he gave none."""
        plain = self.said is None or self.said.value in (Declaration.OBJECTION, Declaration.TAKEN_BACK)
        return "" if plain or self.said is None else label_of(self.trait, self.said.value)

    @property
    def makes_known(self) -> list[Text]:
        """What would make it known."""
        reads = set(self.trait.file.reads) if self.trait.signs else set()
        return [words for tables, words in TOLD_BY if tables & reads] + [ALWAYS]


@dataclass(frozen=True)
class Picture:
    """The whole portrait. `day` is None while there is none; `night` is when what he says now begins to hold."""

    day: date | None
    clarity: float
    lines: tuple[Line, ...]
    night: date | None

    @property
    def words(self) -> Text:
        """How clear it is, in words."""
        return _word(CLARITY, self.clarity)

    @property
    def known(self) -> int:
        """How many traits have a value."""
        return sum(line.known for line in self.lines)


def picture(client: Client, now: datetime) -> Picture:
    """Return what we know about a client, every trait that people are shown."""
    found = portrait.portrait_of(client.pk, clock.shanghai_day(now))
    lines = tuple(_lines(client, found))
    return Picture(found.day if found else None, found.clarity if found else 0.0, lines, next_night(now))


def one(client: Client, name: str, now: datetime) -> Line:
    """Return one trait of a client; raises LookupError when none of this name is shown."""
    for line in picture(client, now).lines:
        if line.trait.name == name:
            return line
    raise LookupError(name)


def next_night(now: datetime) -> date | None:
    """Return the trading day whose night takes into account what is said now; None outside the calendar."""
    today = clock.shanghai_day(now)
    concluded = portrait.last_trait_day(today)
    try:
        days = calendar()
        return today if days.is_open(today) and concluded != today else days.shift(today, 1)
    except OutsideCalendar:
        return None


def industries() -> list[str]:
    """Return the industries that securities here have, by name: what a trait whose signs name values may be."""
    return list(
        Security.objects.exclude(industry="").order_by("industry").values_list("industry", flat=True).distinct()
    )


def _lines(client: Client, found: Portrait | None) -> Iterator[Line]:
    concluded = {row.name: row for row in found.traits} if found else {}
    failed = portrait.failed_traits(found.day) if found else {}
    said, named = portrait.declared_now(client.pk), tuple((name, name) for name in industries())
    for trait in TRAITS:
        if trait.name in shown():
            word = said.get(trait.name)
            waits = word is not None and not _is_counted(word, found)
            choices = named if trait.named else tuple(trait.values.items())
            yield Line(trait, concluded.get(trait.name), word, waits, trait.name in failed, choices)


def _is_counted(word: Declaration, found: Portrait | None) -> bool:
    """Whether the last night knew what he said."""
    cutoff = portrait.trait_cutoff(found.day) if found else None
    return bool(found and cutoff and word.arrived_at <= cutoff and clock.shanghai_day(word.at) <= found.day)


def _word(steps: tuple[tuple[float, Text], ...], value: float) -> Text:
    return next(words for bound, words in steps if value >= bound)
