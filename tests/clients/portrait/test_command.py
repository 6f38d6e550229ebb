"""`manage.py features`: what it prints, and what it refuses."""

from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from clients.lake.publishing import writing
from clients.lake.reading import open_lake, relation
from clients.portrait import catalogue, selectors
from tests import factories as make
from tests.clients.portrait.world import DAY, run

pytestmark = pytest.mark.django_db


def features(*words: Any) -> str:
    """Run the command; what it printed."""
    out = StringIO()
    call_command("features", *(str(word) for word in words), stdout=out)
    return out.getvalue()


def test_run_mirrors_and_computes_a_day() -> None:
    bob = make.client("Bob")
    make.position(bob)

    printed = features("run", "--day", DAY)

    assert f"features of {DAY}: version {selectors.feature_version(DAY)}" in printed
    assert f"{'positions':<20} {1:>12,} rows of {DAY}" in printed
    assert "unknown for everybody" not in printed


def test_run_says_what_is_unknown_because_nothing_came() -> None:
    make.position(make.client("Bob"), day=date(2026, 11, 19))
    run(date(2026, 11, 19))

    printed = features("run", "--day", DAY)

    unknown = printed.split("their source brought nothing: ")[1].split("\n")[0].split(", ")
    assert {"cash_ratio", "position_market_value", "top1_security_name"} <= set(unknown)
    assert "trade_days_30d" not in unknown


def test_explain_shows_definition_sql_and_one_value() -> None:
    bob, charlie = make.client("Bob"), make.client("Charlie")
    make.position(bob, quantity=Decimal(10), last_price=Decimal(10))
    make.cash(bob, 100)
    run()

    printed = features("explain", "top1_position_ratio", "--day", DAY, "--client", bob.pk)
    unknown = features("explain", "cash_ratio", "--client", charlie.pk)

    assert "市值最大的证券市值除以总资产；无持仓时为NULL。" in printed
    assert "-- reads: clients, holdings, assets, asset_averages" in printed
    assert f"{DAY}: clients 2, unknown 1, distinct values 1, least 0.500000, median 0.500000, most 0.5" in printed
    assert f"client {bob.pk}: 0.500000 from 600519.SH" in printed
    assert f"client {charlie.pk}: unknown" in unknown


def test_check_finds_values_that_the_catalogue_rules_out() -> None:
    bob = make.client("Bob")
    make.position(bob)
    run()
    fine = features("check", "--day", DAY)
    with open_lake() as con, writing("features", DAY) as draft:
        rows = f"""SELECT * REPLACE (-1 AS trade_days_30d, 'up' AS top1_limit_status, NULL AS position_market_value)
        FROM {relation("features", [DAY])} CROSS JOIN range(2)"""
        draft.write(con, "bucket=00", f"SELECT * EXCLUDE (range) FROM ({rows})")

    with pytest.raises(CommandError) as refusal:
        features("check", "--day", DAY)

    waiting = len(selectors.waiting_features())
    computed = len(catalogue.features()) - waiting
    assert fine == f"{computed} features in {len(catalogue.groups())} groups, {waiting} wait, no faults\n"
    assert str(refusal.value).splitlines() == [
        "1 rows too many: a client has more than one.",
        "position_market_value: unknown for 2 clients, though it is zero without rows.",
        "top1_limit_status: 2 clients have a value that the catalogue rules out.",
        "trade_days_30d: 2 clients have a value that the catalogue rules out.",
    ]


def test_what_cannot_be_done_is_said_in_a_sentence() -> None:
    for words, sentence in [
        (["run", "--day", "2026-11-21"], "2026-11-21 is no trading day"),
        (["run", "--day", "1950-01-02"], "1950-01-02 lies outside"),
        (["explain", "happiness"], "The catalogue has no feature happiness. The nearest names: "),
        (["explain", "cash_ratio", "--day", DAY], f"There are no features for {DAY}."),
        (["check", "--day", DAY], f"There are no features for {DAY}."),
    ]:
        with pytest.raises(CommandError, match=sentence.replace(".", r"\.")):
            features(*words)

    assert selectors.feature_version(DAY) is None


def test_explain_of_a_client_without_a_row_is_refused() -> None:
    make.client("Bob")
    run()

    with pytest.raises(CommandError, match="No client 999 had a row on 2026-11-20"):
        features("explain", "cash_ratio", "--client", 999)
