"""What the studio reads of the record: strategies, whom a sample shows, what the last night's hits were worth."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import connection
from django.db.models import Avg, Count, Q, QuerySet

from clients.org import access
from clients.org.models import Role, User
from clients.org.pools import of_person
from clients.org.standing import holds, standing_of
from clients.register.models import Client
from clients.shared import masking
from clients.shared.masking import Level
from kpm.strategies.contact import NEVER_STOPPED, kind_sql
from kpm.strategies.models import CapacityBudget, GoalRate, Hit, Run, Stage, Strategy, StrategyVersion
from kpm.strategies.scores import scores

SHOWN = 10  # clients of a sample
FILTERS = ("lifecycle", "business", "status")
RIVALS = f"""
SELECT h.client_id, s.family, v.purpose, {kind_sql("v.action")}, h.score, h.stage >= %(won)s FROM strategies_hit h
JOIN strategies_strategy s ON s.id = h.strategy_id JOIN strategies_strategyversion v ON v.id = h.version_id
WHERE h.run_id = %(run)s AND h.stage >= %(free)s AND h.strategy_id <> %(but)s
"""


@dataclass(frozen=True)
class Line:
    """One client of a sample: his name as this person may read it (None: not at all), the end of his number."""

    name: str | None
    tail: str
    branch: str


def sample_of(user: User, ids: Sequence[int], now: datetime) -> list[Line]:
    """Return a few of some clients; names as the role may read them, sensitive clients and one's own account left out.

    An analyst sees no clients by name, so he gets those who are not sensitive, without names. Who may see no client,
    such as an administrator, gets none.
    """
    level = access.field_level(user, "name", now=now)
    seen = Client.objects.filter(pk__in=ids)
    analyst = level in (Level.ABSENT, Level.BAND) and holds(user, Role.ANALYST, now)
    seen = (
        seen.filter(sensitive=False).exclude(_own(user))
        if analyst
        else seen.filter(access.scope(user, Client, now=now))
    )
    found = seen.select_related("branch").in_bulk()
    shown = [found[number] for number in ids if number in found][:SHOWN]
    return [_line(client, level) for client in shown]


def _own(user: User) -> Q:
    who = standing_of(user)
    return Q(client_no=who.staff.own_client_no) if who and who.staff.own_client_no else Q(pk__in=[])


def _line(client: Client, level: Level) -> Line:
    """A sample says who is meant without saying who he is: a name is masked also for who may read it elsewhere."""
    masked = Level.MASKED if level in (Level.FULL, Level.REVEAL) else level
    name = masking.apply(masked, client.name, masking.mask_name)
    return Line(name, client.client_no[-4:], client.branch.name)


def listed(chosen: dict[str, str], asked: str) -> QuerySet[Strategy]:
    """Return strategies by code: those of chosen lifecycle, business line and status whose code or name has `asked`."""
    rows = Strategy.objects.filter(**{name: value for name, value in chosen.items() if value})
    said = Q(code__icontains=asked) | Q(name_zh__icontains=asked) | Q(name_en__icontains=asked)
    return (rows.filter(said) if asked else rows).select_related("live_version").order_by("code")


def shown_version(strategy: Strategy) -> StrategyVersion | None:
    """Return the version that its page opens with: the draft, else the live one, else the newest."""
    rows = strategy.versions.select_related("strategy").order_by("-number")
    newest = rows.first()
    if newest is None or newest.submitted_at is None:
        return newest
    return rows.filter(pk=strategy.live_version_id or newest.pk).first()


def score_of(version: StrategyVersion, night: Run) -> float:
    """Return what a hit of a version would be worth: the mean of its strategy's last night, else from what it says."""
    mean = Hit.objects.filter(run=night, strategy=version.strategy_id).aggregate(mean=Avg("score"))["mean"]
    if mean is not None:
        return float(mean)
    rate = GoalRate.objects.filter(family=version.strategy.family).order_by("pk").values_list("rate", flat=True).first()
    worth = scores().values.get(version.priority, 0.0) if version.value is None else float(version.value)
    chance = scores().goal_rate if rate is None else rate
    return chance * worth * float(version.lever) - float(version.contact_cost)


def copy_rivals(night: Run, *, but: int, into: Path) -> None:
    """Write the hits of a night that came to arbitration to a CSV file, those of one strategy left out.

    Each row: client, family, purpose, kind of contact, score, won.
    """
    args = {"run": night.pk, "but": but, "free": Stage.NOT_HELD_OUT, "won": Stage.WON_ARBITRATION}
    with connection.cursor() as cursor, into.open("w", encoding="utf-8") as out:
        rows = cursor.mogrify(RIVALS, args).decode()  # type: ignore[attr-defined]
        cursor.copy_expert(f"COPY ({rows}) TO STDOUT WITH (FORMAT csv)", out)  # type: ignore[attr-defined]


def budgets(day: date, pools: Collection[str]) -> dict[str, int]:
    """Return how many tasks some pools can take on a day of work; those without a limit are left out."""
    rows = CapacityBudget.objects.filter(day=day, pool__in=pools)
    return dict(rows.values_list("pool", "capacity"))


def stronger_in(night: Run, pools: Collection[str], *, score: float, but: int) -> dict[str, int]:
    """Return how many hits of a night that took slots of some pools are as strong as a score, or are never dropped."""
    rows = _strong(night, score=score, but=but).filter(pool__in=pools)
    return dict(rows.values_list("pool").annotate(n=Count("pk")))


def stronger_for(night: Run, names: Collection[str], *, score: float, but: int) -> dict[str, int]:
    """Return the same by the people whose slots they took, under the names by which their capacity is kept."""
    rows = _strong(night, score=score, but=but).filter(person__isnull=False).exclude(pool="")
    counted = rows.values_list("person").annotate(n=Count("pk"))
    return {of_person(pk): n for pk, n in counted if of_person(pk) in names}


def _strong(night: Run, *, score: float, but: int) -> QuerySet[Hit]:
    rows = Hit.objects.filter(run=night, stage__gte=Stage.WITHIN_CAPACITY).exclude(strategy=but)
    return rows.filter(Q(score__gte=score) | Q(version__purpose__in=NEVER_STOPPED))
