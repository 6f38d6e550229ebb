"""A few clients whom chance has put before every gate, and versions of every kind that mean them all."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from clients.market.calendar import calendar
from clients.org.models import Branch, Role, User
from clients.portrait import catalogue
from clients.register.models import Account, Client, Consent, ContactHold, ContactPreference, RiskAssessment, Touch
from kpm.strategies.models import (
    Hit,
    HitFeedback,
    Run,
    ServiceStop,
    Stage,
    StopLift,
    Strategy,
    StrategyVersion,
)
from kpm.strategies.services.compiling import compiled
from tests import factories as make
from tests.clients.portrait import world
from tests.factories import DAY, NOW

CLIENTS = 40
CONDITION = "account_age_days >= 100"
FAMILIES = ("集中度", "回访")
# purpose, action, handler, channels, occurrence, cool-down, what is offered (kind, value)
KINDS: tuple[tuple[Any, ...], ...] = (
    ("marketing", "push", "system", ["app", "sms"], "client", 0, ("", 0)),
    ("marketing", "task", "adviser", ["phone"], "client", 30, ("level", 3)),
    ("service", "push_then_task", "client_manager", [], "trading_day", 5, ("", 0)),
    ("service", "task", "client_manager", ["phone"], "year", 3, ("permission", "GEM")),
    ("service", "reminder", "client_manager", ["inbox"], "client", 0, ("", 0)),
    ("service", "push", "system", ["inbox"], "client", 10, ("feature", "client_risk_level")),
    ("risk", "task", "client_manager", ["phone"], "client", 2, ("", 0)),
    ("regulatory", "push", "system", ["inbox"], "client", 0, ("level", 4)),
)


def clients(random: Random) -> list[Client]:
    """Two branches of clients with whatever the gates ask about; one of them is of the house."""
    people = [make.staff(name) for name in ("Alice", "Dora")]
    if random.random() < 0.5:
        make.staff("Eve", roles=(Role.ADVISER,), licence="S0009")
    found = [_client(random, people[n % 2]) for n in range(CLIENTS)]
    people[0].own_client_no = found[0].client_no
    people[0].save()
    return found


def _client(random: Random, manager: Any) -> Client:
    status = random.choice(("active",) * 9 + ("closed",))
    born = random.choice((None, date(1980, 1, 1), date(2008, 11, 20), date(2008, 11, 21)))
    client = make.client("Bob", manager=manager, login=False, status=status, birth_date=born)
    state = random.choice((Account.Status.NORMAL,) * 8 + (Account.Status.FROZEN,))
    make.account(client, opened_on=DAY - timedelta(days=random.choice((50, 200, 900))), status=state)
    _said(random, client)
    _heard(random, client)
    return client


def _said(random: Random, client: Client) -> None:
    for purpose, wanted in (("marketing", 0.8), ("service_push", 0.3), ("automated_decision", 0.2)):
        for n in range(random.choice((0, 1, 2)) if random.random() < wanted else 0):
            Consent.objects.create(
                client=client, purpose=purpose, version=str(n), given=random.random() < 0.8, channel="app",
                at=NOW - timedelta(days=random.randint(1, 99)),
            )  # fmt: skip
    for channel in ("phone", "app", "sms", "inbox"):
        if random.random() < 0.2:
            ContactPreference.objects.create(client=client, channel=channel, allowed=random.random() < 0.4)
    if random.random() < 0.15:
        until = random.choice((None, NOW - timedelta(days=1), NOW + timedelta(days=1)))
        ContactHold.objects.create(client=client, kind=random.choice(ContactHold.Kind.values), until=until)
    for year in random.sample((2024, 2025, 2026), random.choice((0, 1, 1, 2))):
        on = date(year, random.randint(1, 11), 1)
        level = random.randint(1, 5)
        RiskAssessment.objects.create(
            client=client, level=level, lowest=level == 1 and random.random() < 0.5, assessed_on=on,
            valid_to=on + timedelta(days=400),
        )  # fmt: skip


def _heard(random: Random, client: Client) -> None:
    for n in range(random.choice((0, 0, 1, 2, 3))):
        Touch.objects.create(
            client=client, branch=client.branch, channel=random.choice(("app", "phone", "chat", "inbox")),
            outbound=random.random() < 0.9, purpose=random.choice(("marketing", "service", "risk")),
            started_at=NOW - timedelta(days=random.choice((0, 1, 2, 5, 20))), provider_ref=f"{client.pk}/{n}",
        )  # fmt: skip


def stops(random: Random, people: list[Client]) -> None:
    """Stops of service in one branch: one in force, one over, one lifted."""
    branch, by = people[0].branch, make.staff("Frank", roles=(Role.OPERATOR,)).user
    for until, purposes in ((None, random.choice(("marketing", "both"))), (NOW - timedelta(hours=1), "both")):
        _stop(branch, by, purposes, until)
    lifted = _stop(branch, by, "both", None)
    StopLift.objects.create(stop=lifted, by=make.staff("Grace", roles=(Role.OPERATOR,)).user, at=NOW, reason="over")


def _stop(branch: Branch, by: User, purposes: str, until: datetime | None) -> ServiceStop:
    at = NOW - timedelta(days=1)
    return ServiceStop.objects.create(
        scope="branch", branch=branch, purposes=purposes, from_at=at, until=until, reason="doubt", set_by=by, set_at=at
    )


def versions() -> list[StrategyVersion]:
    """One live strategy of each kind."""
    return [_version(n, *kind) for n, kind in enumerate(KINDS)]


def _version(
    n: int, purpose: str, action: str, handler: str, channels: list[str], occurrence: str, cool: int, offer: Any
) -> StrategyVersion:
    offered = {"level": "product_level", "permission": "permission_code", "feature": "product_level_from"}
    strategy = Strategy.objects.create(
        code=f"X-{n}", name_zh="例", name_en="Case", lifecycle="growth", business="trading", family=FAMILIES[n % 2]
    )
    said = {offered[offer[0]]: offer[1]} if offer[0] else {}
    version = StrategyVersion.objects.create(
        strategy=strategy, number=1, purpose=purpose, action=action, handler=handler, channels=channels,
        occurrence=occurrence, cooldown_n=cool, condition=CONDITION, submitted_at=NOW, suitability_gate=bool(said),
        **said, **compiled(CONDITION),
    )  # fmt: skip
    Strategy.objects.filter(pk=strategy.pk).update(status="live", live_version=version)
    return StrategyVersion.objects.select_related("strategy").get(pk=version.pk)


def past(random: Random, whom: list[Client], what: list[StrategyVersion]) -> None:
    """Hits of days before: waiting, delivered and answered, or held out."""
    run = Run.objects.create(
        day=DAY - timedelta(days=7), slot="after_settlement", cutoff=NOW, started_at=NOW, state="published"
    )
    for client in whom:
        for version in random.sample(what, 3):
            _hit(random, client, version, run)


def _hit(random: Random, client: Client, version: StrategyVersion, run: Run) -> None:
    day = calendar().shift(DAY, -random.choice((1, 2, 4, 9, 25)))
    used = random.choice((None, day, day))
    served = used is not None and random.random() < 0.8
    at = NOW - timedelta(days=(DAY - day).days + 1)
    thing = {"trading_day": day.isoformat(), "year": "2026"}.get(version.occurrence, "")
    hit = Hit.objects.create(
        strategy=version.strategy, version=version, client=client, branch=client.branch, object_key=thing, run=run,
        occurrence=thing + (f"@{day}" if version.cooldown_n and version.occurrence != "year" else ""),
        first_day=day, last_day=day, stage=Stage.DELIVERED if served else Stage.NOT_HELD_OUT, used_on=used,
        delivered_at=at if served else None, task_at=at if served and "task" in version.action else None,
    )  # fmt: skip
    if served and random.random() < 0.25:
        HitFeedback.objects.create(
            hit=hit, contact="reached", response=random.choice(("refused_family", "complaint", "agreed")), at=at,
            idem_key=str(hit.uid),
        )  # fmt: skip


def features(monkeypatch: Any) -> None:
    """Compute only the groups that the conditions read, and the account's, which the gates ask for."""
    chosen = tuple(one for one in catalogue.features() if one.group in ("account", "client"))
    monkeypatch.setattr(catalogue, "features", lambda: chosen)
    world.run()
