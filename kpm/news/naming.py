"""Finds the securities that a text names, by code or by name. Plain Python over what it is given; no database.

A code counts where it stands as a code. Of names the longest one counts, on the days on which it was that security's;
a name that is too short or an ordinary word never counts, so that only the code beside it does.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ahocorasick_rs import AhoCorasick, MatchKind

from clients.market.symbols import read_symbol
from kpm.news.rules import Rules

BLANKS = re.compile(r"(?<=[\u4e00-\u9fff])[ \t]+(?=[\u4e00-\u9fff])")
CODE = re.compile(
    r"(?<![0-9A-Za-z.])(?:(?:SH|SZ|BJ)\.?[0-9]{6}|[0-9]{5,6}\.[A-Za-z]{2,4}|[0-9]{6})(?![0-9A-Za-z]|\.[0-9])", re.I
)
AROUND = 6  # characters before and behind six digits that tell whether they are a code


@dataclass(frozen=True)
class Naming:
    """A name that a security bore; the days are unknown (None) at the ends that nobody recorded."""

    security: int
    name: str
    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the security bore it on a day, as far as is known."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Listing:
    """A security as a dictionary needs it; `until` is its last day, None while it is listed."""

    id: int
    exchange: str
    code: str
    stock: bool
    until: date | None = None

    def lives(self, day: date) -> bool:
        """Whether it was not yet delisted."""
        return self.until is None or day <= self.until


class Dictionary:
    """The securities and their names, ready to be found in texts."""

    def __init__(self, listings: Iterable[Listing], namings: Iterable[Naming], rules: Rules) -> None:
        self.rules = rules
        self.listings = {listing.id: listing for listing in listings}
        self._by_code: dict[str, list[Listing]] = defaultdict(list)
        for listing in self.listings.values():
            self._by_code[listing.code].append(listing)
        self._by_name: dict[str, list[Naming]] = defaultdict(list)
        for naming in namings:
            for name in self._written(plain(naming.name)):
                self._by_name[name].append(naming)
        self._names = list(self._by_name)
        self._automaton = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str, day: date) -> list[int]:
        """Return the ids of the securities that a text of this day names, each once, the first named first."""
        folded = plain(text)
        at = sorted([*self._codes(folded, day), *self._named(folded, day)])
        return list(dict.fromkeys(security for _place, security in at))

    def by_symbol(self, symbol: str) -> int | None:
        """Return the id of the security `600519.SH`, None when it is not known."""
        exchange, code = read_symbol(symbol) or ("", "")
        return next((one.id for one in self._by_code.get(code, ()) if one.exchange == exchange), None)

    def _written(self, name: str) -> Iterator[str]:
        """The name as texts write it: whole, and without what stands around it for a while."""
        short = name
        for mark in self.rules.name_prefixes:
            short = short.removeprefix(mark)
        for mark in self.rules.name_suffixes:
            short = short.removesuffix(mark)
        for written in dict.fromkeys((name, short)):
            if len(written) >= self.rules.shortest_name and written not in self.rules.common_names:
                yield written

    def _named(self, text: str, day: date) -> Iterator[tuple[int, int]]:
        for index, start, _end in self._automaton.find_matches_as_indexes(text):
            if (security := self._bearer(self._by_name[self._names[index]], day)) is not None:
                yield start, security

    def _bearer(self, namings: Sequence[Naming], day: date) -> int | None:
        """Who bore the name on the day: one with a record of its days, else one still listed, else nobody for sure."""
        held = [naming for naming in namings if naming.holds(day)]
        dated = {naming.security for naming in held if naming.first or naming.last}
        alive = {naming.security for naming in held if self.listings[naming.security].lives(day)}
        every = {naming.security for naming in held}
        choices: tuple[set[int], ...] = (every, dated & alive, alive, dated)
        return next((next(iter(found)) for found in choices if len(found) == 1), None)

    def _codes(self, text: str, day: date) -> Iterator[tuple[int, int]]:
        for match in CODE.finditer(text):
            written = match[0].upper()
            if not written.isdigit():
                found = self.by_symbol(written)
            else:
                found = self._bare(written, text[: match.start()], text[match.end() : match.end() + AROUND], day)
            if found is not None:
                yield match.start(), found

    def _bare(self, code: str, before: str, behind: str, day: date) -> int | None:
        """Six digits alone: a code unless a unit follows, and of several securities the only stock."""
        if before.rstrip().endswith(tuple(self.rules.no_code_before)):
            return None
        if behind.lstrip().startswith(tuple(self.rules.no_code_behind)):
            return None
        known = [listing for listing in self._by_code.get(code, ()) if listing.lives(day)]
        chosen = known if len(known) == 1 else [listing for listing in known if listing.stock]
        return chosen[0].id if len(chosen) == 1 else None


def plain(text: str) -> str:
    """Return a text with full-width letters folded and without blanks between Chinese characters."""
    return BLANKS.sub("", unicodedata.normalize("NFKC", text))


@dataclass(frozen=True)
class Story:
    """What an article says, as far as finding its securities needs it."""

    title: str
    body: str
    kind: str
    symbols: Sequence[str]
    day: date


def links(story: Story, dictionary: Dictionary) -> Mapping[int, tuple[bool, list[str]]]:
    """Return for each security that a story is about: whether it is the subject, and the events reported of it.

    Subjects stand in the title; where it names none, the first one of the text is, or what the source says.
    """
    rules = dictionary.rules
    titled = dictionary.find(story.title, story.day)
    told = dictionary.find(story.body, story.day)
    given = [found for symbol in story.symbols if (found := dictionary.by_symbol(symbol)) is not None]
    every = list(dict.fromkeys([*titled, *given, *told]))
    if len(every) > rules.most_named:
        every, told = list(dict.fromkeys([*titled, *given])), []
    subjects = titled or told[:1] or given
    head = plain(story.title or story.body[: rules.lead])
    events = [] if story.kind == "research" else rules.events_of(head)
    return {one: (one in subjects, events if one in subjects else []) for one in every}
