"""The hidden temper of a client: drawn from the seed, of known values, what he declares mostly agrees with it."""

from collections import Counter
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from portal.demo.life import temper
from portal.demo.life.figures import manners
from portal.demo.life.listings import INDUSTRIES, listings
from portal.demo.life.plan import Plan
from portal.demo.life.residents import Resident, residents
from portal.demo.life.temper import TRAITS, Temper

VALUES = {
    "horizon": {"intraday", "short", "medium", "long"},
    "style": {"chaser", "dipper", "income", "mixed"},
    "risk_appetite": {"low", "medium", "high"},
    "industry": {"", *INDUSTRIES},
    "rhythm": {"early", "morning", "midday", "afternoon", "evening", "night"},
    "platform": {"app", "web", "pc", "wechat"},
    "products": {"stock", "fund", "wealth", "cash"},
    "margin": {"none", "open", "user"},
    "price_sensitivity": {"low", "medium", "high"},
    "information": {"low", "medium", "high"},
    "activity": {"asleep", "occasional", "regular", "daily"},
    "goal": {"liquidity", "income", "growth", "retirement", "education"},
    "contact_time": {"morning", "midday", "afternoon", "evening"},
    "contact_channel": {"phone", "app", "sms", "wechat"},
    "broker": {"main", "second"},
    "wealth": {"starting", "building", "affluent", "wealthy"},
    "life_stage": {"young", "family", "mature", "retired"},
    "occupation": {"employee", "self_employed", "public", "retired", "student", "other"},
}
AGREES = {"low": {1, 2}, "medium": {3}, "high": {4, 5}}


def drawn(number: int = 1, seed: int = 7, kind: str = "active", age: int = 40, assets: int = 100_000) -> Temper:
    return temper.drawn(seed, number, kind=kind, age=age, assets=assets)


def everybody(count: int) -> list[Resident]:
    return residents(Plan(count, 3, 7, date(2026, 11, 20)))


def test_every_kind_draws_every_trait_from_its_values_and_all_of_them_occur() -> None:
    found = [
        drawn(number, kind=kind, age=age) for kind in manners() for age in (25, 40, 55, 70) for number in range(60)
    ]

    met = {name: {getattr(one, name) for one in found} for name in TRAITS if name != "wealth"}

    assert set(TRAITS) == set(VALUES)
    assert met == {name: values for name, values in VALUES.items() if name != "wealth"}


def test_the_same_seed_and_number_draw_the_same_temper_and_others_another() -> None:
    assert drawn() == drawn()
    assert len({drawn(number) for number in range(50)}) > 45
    assert len({drawn(seed=seed) for seed in range(50)}) > 45


@pytest.mark.parametrize(
    ("assets", "wealth"),
    [(49_999, "starting"), (50_000, "building"), (200_000, "affluent"), (599_999, "affluent"), (600_000, "wealthy")],
)
def test_wealth_is_all_he_has(assets: int, wealth: str) -> None:
    assert drawn(assets=assets).wealth == wealth


def test_shares_that_do_not_make_a_hundred_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "tempers.yaml"
    file.write_text("traits: {style: {by: kind, shares: {active: {chaser: 50, mixed: 49}}}}")
    monkeypatch.setattr(temper, "FILE", file)
    temper.figures.cache_clear()

    with pytest.raises(ValueError, match="style for active make 99, not 100"):
        temper.figures()

    temper.figures.cache_clear()


def test_each_industry_has_several_companies() -> None:
    companies = Counter(one.industry for one in listings() if one.stock)

    assert set(companies) == set(INDUSTRIES)
    assert min(companies.values()) >= 4


@pytest.mark.django_db
def test_the_declared_level_agrees_with_the_appetite_in_some_seventy_of_a_hundred() -> None:
    found = [one for one in everybody(600) if one.temper.margin == "none"]

    share = sum(one.level in AGREES[one.temper.risk_appetite] for one in found) / len(found)

    assert 0.64 < share < 0.76
    assert all(one.level >= 4 for one in everybody(600) if one.temper.margin != "none")


@pytest.mark.django_db
def test_most_of_the_money_lies_with_the_main_broker() -> None:
    found = everybody(300)

    parts = {one.temper.broker: one.assets / (one.assets + one.elsewhere) for one in found if one.assets > 1000}

    assert parts["main"] == 1
    assert 0.29 < parts["second"] <= 0.3


def test_he_answers_rather_at_his_time_and_by_his_channel() -> None:
    caller = replace(drawn(), contact_time="evening", contact_channel="phone")
    reader = replace(caller, contact_channel="app")

    assert caller.reached(time(15, 30), 78) == 98
    assert caller.reached(time(10, 0), 78) == 72
    assert reader.reached(time(15, 30), 78) == 89
    assert (caller.reads(420), reader.reads(420)) == (336, 630)


@pytest.mark.parametrize(
    ("at", "band"),
    [
        (time(9), "morning"),
        (time(11, 30), "midday"),
        (time(13), "afternoon"),
        (time(15), "evening"),
        (time(20), "evening"),
    ],
)
def test_calls_fall_into_parts_of_the_day(at: time, band: str) -> None:
    assert temper.contact_band(at) == band
