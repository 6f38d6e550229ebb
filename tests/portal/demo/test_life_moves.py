"""Who leaves for another broker and who comes from one: step by step, on days that the truth knows."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from clients.intake import services as intake
from clients.intake.options import Options
from clients.intake.registry import find
from clients.register.models import Account, Client
from portal.demo.life import files, past, staff, truth, visits
from portal.demo.life.moves import LEAVING
from portal.demo.life.plan import Plan
from portal.demo.life.temper import TRAITS, figures
from portal.demo.life.wallet import STAYED
from portal.demo.life.world import Household, World, forget

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("lives of the demo")]
LAST = date(2026, 11, 20)
PLAN = Plan(clients=240, days=1, seed=7, last=LAST, seen=45)
IMPORTED = ("securities", "products", "clients", "accounts", "cashflows", "positions", "product_holdings")


@dataclass
class Walk:
    """What one client did on each day that was told day by day."""

    flows: dict[date, list[str]] = field(default_factory=dict)
    seen: dict[date, list[str]] = field(default_factory=dict)


def walked(world: World, *, served: bool = False) -> dict[str, Walk]:
    """Live from the first day to the last; `served`: everybody is helped by a talk on every day."""
    before, found = None, {one.resident.client_no: Walk() for one in world.households}
    for day in PLAN.past() + PLAN.lived():
        for one in world.households if served else ():
            world.pull(one.resident.client_no, 100, world.prices.index[day] + 1)
        world.live(day, before)
        for resident, wallet in world.wallets(day):
            found[resident.client_no].flows.setdefault(day, []).extend(flow.kind for flow in wallet.flows)
        for event in visits.rows(world, day) if day in world.days[-46:] else ():
            about: Any = event["properties"]
            what = str(about.get("topic") or about.get("service") or event["event"])
            found[str(event["userId"])].seen.setdefault(day, []).append(what)
        forget(world.wallets(day))
        before = day
    return found


def leavers(world: World) -> list[Household]:
    return [one for one in world.households if one.resident.moves.leaving_from]


def done(paths: dict[str, Walk], one: Household, kind: str) -> list[date]:
    """The days on which a client had a movement of this kind since the first sign."""
    moves = one.resident.moves
    first = moves.leaving_from or moves.arriving_from
    flows = paths[one.resident.client_no].flows
    return [day for day, kinds in flows.items() if kind in kinds and first and day >= first]


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[World, dict[str, Walk]]]:
    with django_db_blocker.unblock():
        world = World(PLAN)
        yield world, walked(world)


def test_leaving_goes_step_by_step_and_ends_on_the_day_that_was_drawn(lived: tuple[World, dict[str, Walk]]) -> None:
    world, paths = lived
    gone = [one for one in leavers(world) if one.wallet.extra.step == len(LEAVING)]
    holders = [one for one in gone if done(paths, one, "custody_out")]

    assert len(gone) >= 3
    assert len(holders) >= 2
    assert {one.resident.moves.leaves_on <= LAST for one in gone if one.resident.moves.leaves_on} == {True}
    for one in holders:
        [out] = done(paths, one, "custody_out")
        assert done(paths, one, "bank_out")[-1] > out
        assert one.wallet.cash == 0
        assert not any(held.quantity for held in one.wallet.holdings.values())
    for one in gone:
        after = [day for day in paths[one.resident.client_no].seen if day >= (one.resident.moves.leaves_on or LAST)]
        assert after == []


def test_who_is_about_to_leave_looks_at_fees_and_at_closing(lived: tuple[World, dict[str, Walk]]) -> None:
    world, paths = lived
    signs = {"commission_page_viewed", "closing", "acct.close", "acct.designate", "acct.custody_out"}

    found = []
    for one in leavers(world):
        first, last = one.resident.moves.leaving_from, one.resident.moves.leaves_on or LAST
        seen = [what for day, every in paths[one.resident.client_no].seen.items() for what in every
                if first and first <= day < last and what != "signed_in"]  # fmt: skip
        found += [what in signs for what in seen]

    assert sum(found) / len(found) > 0.3


def test_whom_a_talk_helps_stays_unless_he_is_firm() -> None:
    world = World(PLAN)

    walked(world, served=True)

    kept = int(figures()["kept"])
    assert [one.wallet.extra.step == STAYED for one in leavers(world)] == [
        one.resident.moves.firm < kept for one in leavers(world)
    ]
    assert {one.wallet.extra.step == STAYED for one in leavers(world)} == {True, False}


def test_who_arrives_brings_money_and_securities_and_orders(lived: tuple[World, dict[str, Walk]]) -> None:
    world, paths = lived
    came = [
        one for one in world.households
        if one.resident.moves.arrives_on and one.resident.moves.arrives_on <= LAST and one.resident.elsewhere > 60_000
    ]  # fmt: skip

    assert len(came) >= 2
    for one in came:
        first = one.resident.moves.arriving_from
        assert done(paths, one, "bank_in")
        assert first
        assert done(paths, one, "custody_in")[0] >= max(first, PLAN.past()[0])
        assert one.resident.temper.broker == "second"


def test_the_truth_knows_traits_and_days_and_is_read_from_its_file_alone(tmp_path: Path) -> None:
    world = World(PLAN)
    told = truth.tell(tmp_path, PLAN, (one.resident for one in world.households), ["A"])

    read = truth.read(tmp_path)

    one = next(one.resident for one in world.households if one.resident.moves.arrives_on)
    arrives = one.moves.arrives_on
    assert arrives
    assert read == told
    assert read.traits[one.client_no] == {name: getattr(one.temper, name) for name in TRAITS}
    assert read.arrives[one.client_no] == arrives
    assert read.trait(one.client_no, "broker", date(2020, 1, 1)) == "second"
    assert read.trait(one.client_no, "broker", arrives) == "main"
    assert read.leaves == {
        one.resident.client_no: one.resident.moves.leaves_on for one in leavers(world) if one.resident.moves.leaves_on
    }


def test_without_a_truth_the_judge_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=truth.FILE):
        truth.read(tmp_path)


def test_the_importer_takes_every_line_of_those_who_leave_and_arrive(tmp_path: Path) -> None:
    folders = override_settings(LAKE_DIR=tmp_path / "lake", REJECT_DIR=tmp_path / "rejects")
    plan = past.history(clients=120, days=45, seed=7, last=LAST)
    with folders, transaction.atomic():
        staff.hire(password="a-demo-word", on=plan.walked()[0])
        written = past.write(tmp_path, plan)

        outcomes = [take(kind, path) for kind, path in written if kind in IMPORTED]

        closed = set(Client.objects.filter(status="closed").values_list("client_no", flat=True))
        told = truth.read(tmp_path).leaves
        assert [outcome.refused or outcome.rejected for outcome in outcomes] == [0] * len(outcomes)
        assert closed
        assert closed == {number for number, day in told.items() if day <= LAST}
        assert set(Account.objects.filter(client__status="closed").values_list("status", flat=True)) == {"closed"}
        transaction.set_rollback(True)


def take(kind: str, path: Path) -> Any:
    return intake.import_file(kind=find(kind), path=path, options=Options(), by="demo", now=timezone.now())


def test_a_history_tells_as_many_days_of_the_screen_as_were_asked_for(tmp_path: Path) -> None:
    plan = past.history(clients=30, days=70, seed=7, last=LAST)

    written = past.write(tmp_path, plan)

    days = {line.split('"timestamp":"')[1][:10] for kind, path in written if kind == "events"
            for line in path.read_text().splitlines()}  # fmt: skip
    trades = [row["day"] for kind, path in written if kind == "trades" for row in csv.DictReader(path.open())]
    assert len(plan.walked()[-70:]) == 70
    assert str(plan.walked()[-70]) <= min(d for d in days if d in map(str, plan.walked()))
    assert max(days) <= str(LAST)
    assert len({day for day in trades if day >= str(plan.walked()[-70])}) > 30
    assert files.written(tmp_path, LAST)
