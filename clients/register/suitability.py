"""Suitability: may this client take this product or permission, and if not, why. Pure rules (DOMAIN 3.3).

The rules come in as data with dates (register.SuitabilityRule and the limits of `Rules`); nothing here reads a
database. The worst of three answers wins: level, horizon, kind; horizon and kind alone never block. What the broker
starts (a recommendation, a strategy) may only match: every warning becomes a block.
Source: DOMAIN 3.3, after 证券期货投资者适当性管理办法 and 证券法 88.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

from clients.shared import clock

UNKNOWN_CLASS, LOWEST_CLASS, PROFESSIONAL_CLASS = "unknown", "lowest", "professional"


class Outcome(IntEnum):
    """Ordered from good to bad, so that the worst one is the greatest."""

    MATCH = 0
    WARN = 1
    BLOCK = 2


class By(StrEnum):
    """Who started it."""

    CLIENT = "client"
    BROKER = "broker"


@dataclass(frozen=True)
class ClientFacts:
    """What is known of the client. `level` 1–5 for C1–C5, None without an assessment; dates are days in Shanghai."""

    level: int | None
    lowest: bool = False
    valid_to: date | None = None
    effective_from: date | None = None
    max_horizon_days: int | None = None
    intended_kinds: frozenset[str] = frozenset()
    professional: bool = False
    qualified: bool = False
    age: int | None = None
    full_capacity: bool = True
    refused_data: bool = False
    restricted: bool = False
    permissions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Subject:
    """What is sold or opened. `level` 1–5 for R1–R5, None while unrated; `term_days` None means any."""

    level: int | None
    term_days: int | None = None
    kind: str = ""
    investor: str = "any"
    permission: str = ""
    regraded_up: bool = False


@dataclass(frozen=True)
class Rules:
    """The rules in force on a day: matrix[(client class, product level)], `gap_max` 4 = off, `care_age` in years."""

    matrix: Mapping[tuple[str, int], Outcome]
    gap_max: int = 4
    care_age: int | None = None


@dataclass(frozen=True)
class Verdict:
    """The answer with its reason codes (DOMAIN 3.3) and everything it was concluded from."""

    outcome: Outcome
    level: Outcome
    horizon: Outcome
    kind: Outcome
    reasons: tuple[str, ...]
    evidence: dict[str, object] = field(default_factory=dict)


def assess(client: ClientFacts, subject: Subject, initiated_by: By, rules: Rules, now: datetime) -> Verdict:
    """Return the verdict at `now`; unknown is never a match, and no known fact is left out of the reasons."""
    day = clock.shanghai_day(now)
    level, reasons = _level(client, subject, initiated_by, rules, day)
    horizon = _horizon(client, subject, reasons)
    kind = _kind(client, subject, reasons)
    outcome = max(level, horizon, kind, _care(client, subject, rules, reasons))
    if initiated_by is By.BROKER and outcome is Outcome.WARN:
        outcome = Outcome.BLOCK
        reasons.append("RECOMMENDED_ABOVE")
    return Verdict(outcome, level, horizon, kind, tuple(reasons) or ("OK",), _evidence(client, subject, day))


def client_class(client: ClientFacts, day: date) -> str:
    """Return the row of the matrix: lowest, C1…C5, professional, or unknown without a valid assessment."""
    if _exempt(client):
        return PROFESSIONAL_CLASS
    if client.level is None or client.valid_to is None or client.valid_to < day:
        return UNKNOWN_CLASS
    return LOWEST_CLASS if client.lowest else f"C{client.level}"


def _level(client: ClientFacts, subject: Subject, by: By, rules: Rules, day: date) -> tuple[Outcome, list[str]]:
    reasons = _hard_stops(client, subject, day)
    if reasons:
        return Outcome.BLOCK, reasons
    row = client_class(client, day)
    found = rules.matrix.get((row, subject.level or 0), Outcome.BLOCK)
    if found is Outcome.MATCH:
        return found, ["PROFESSIONAL_EXEMPT"] if row == PROFESSIONAL_CLASS else []
    gap = (subject.level or 0) - (client.level or 0)
    if row == LOWEST_CLASS:
        return Outcome.BLOCK, ["LOWEST_CLASS"]
    if rules.gap_max < 4 and gap > rules.gap_max:
        return Outcome.BLOCK, ["GAP_TOO_LARGE"]
    return found, ["LEVEL_ABOVE"]


def _hard_stops(client: ClientFacts, subject: Subject, day: date) -> list[str]:
    """Every reason that no confirmation can cure."""
    exempt = _exempt(client)
    stops = {
        "NOT_FULL_CAPACITY": not client.full_capacity,
        "CLIENT_REFUSED_DATA": client.refused_data,
        "CLIENT_RESTRICTED": client.restricted,
        "NO_ASSESSMENT": not exempt and client.level is None,
        "ASSESSMENT_EXPIRED": not exempt and client.level is not None and _expired(client, day),
        "ASSESSMENT_COOLING": client.effective_from is not None and client.effective_from > day,
        "PRODUCT_UNRATED": subject.level is None,
        "NOT_QUALIFIED": subject.investor == "qualified" and not (client.qualified or client.professional),
        "NOT_PROFESSIONAL": subject.investor == "professional" and not client.professional,
        "PERMISSION_MISSING": bool(subject.permission) and subject.permission not in client.permissions,
    }
    return [reason for reason, stopped in stops.items() if stopped]


def _exempt(client: ClientFacts) -> bool:
    """Professional investors answer no questionnaire; if somebody is also marked as lowest class, that counts."""
    return client.professional and not client.lowest


def _expired(client: ClientFacts, day: date) -> bool:
    return client.valid_to is None or client.valid_to < day


def _horizon(client: ClientFacts, subject: Subject, reasons: list[str]) -> Outcome:
    known = client.max_horizon_days is not None and subject.term_days is not None
    if known and (subject.term_days or 0) > (client.max_horizon_days or 0):
        reasons.append("HORIZON_LONGER")
        return Outcome.WARN
    return Outcome.MATCH


def _kind(client: ClientFacts, subject: Subject, reasons: list[str]) -> Outcome:
    if subject.kind and client.intended_kinds and subject.kind not in client.intended_kinds:
        reasons.append("KIND_NOT_INTENDED")
        return Outcome.WARN
    return Outcome.MATCH


def _care(client: ClientFacts, subject: Subject, rules: Rules, reasons: list[str]) -> Outcome:
    found = Outcome.MATCH
    if rules.care_age is not None and client.age is not None and client.age >= rules.care_age:
        reasons.append("AGE_CARE")
        found = Outcome.WARN
    if subject.regraded_up:
        reasons.append("PRODUCT_REGRADED")
        found = Outcome.WARN
    return found


def _evidence(client: ClientFacts, subject: Subject, day: date) -> dict[str, object]:
    return {
        "day": day.isoformat(), "client_class": client_class(client, day), "client_level": client.level,
        "valid_to": client.valid_to.isoformat() if client.valid_to else None, "product_level": subject.level,
        "term_days": subject.term_days, "max_horizon_days": client.max_horizon_days, "kind": subject.kind,
    }  # fmt: skip
