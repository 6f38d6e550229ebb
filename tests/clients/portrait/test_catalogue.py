"""The catalogue says what the reference says, and the engine reads it."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from clients.portrait import catalogue, checking, selectors, sqlfiles
from kpm.engine.catalogue_file import load_features
from tests.clients.portrait.world import DAY

REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "reference" / "features.yaml"
NEVER_UNKNOWN = ("不为NULL", "始终有值")
OF_THE_HOUSE = ("visits", "pages", "portrait")  # groups that the reference library does not have (docs/adr/0013, 0014)
UNITS_OF_THE_HOUSE = {"second", "hour"}
TEN = {
    "account_age_days",
    "cash_ratio",
    "client_risk_level",
    "days_since_first_trade",
    "position_market_value",
    "top1_limit_status",
    "top1_pct_chg_1d",
    "top1_position_ratio",
    "top1_security_name",
    "trade_days_30d",
}
GROUP = """-- reads: accounts
SELECT client_id, {select} FROM accounts
"""


def test_every_feature_is_computed_by_its_group_or_waits_for_a_named_source() -> None:
    assert len([one for one in catalogue.features() if one.group not in OF_THE_HOUSE]) == 250
    assert {feature.name for feature in catalogue.features() if not feature.waits} >= TEN
    assert catalogue.groups() == sqlfiles.group_names()


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference library is not beside this repository")
def test_every_entry_is_that_of_the_reference() -> None:
    reference = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))
    theirs = {row["name"]: row for row in reference["features"]}
    document = catalogue.document()

    for row in document["features"]:
        if row["group"] in OF_THE_HOUSE:
            assert row["name"] not in theirs
            continue
        ours = {key: value for key, value in row.items() if key not in (*catalogue.OURS, "key")}
        assert ours == {key: value for key, value in theirs[row["name"]].items() if key != "used_by"}
    units = {name: said for name, said in document["units"].items() if name not in UNITS_OF_THE_HOUSE}
    assert units.items() <= reference["units"].items()
    assert document["tables"].items() <= reference["tables"].items()


def test_the_engine_reads_it_without_a_fault() -> None:
    read = load_features(selectors.catalogue_text())

    assert len(read.features) == len(catalogue.features())
    assert {n for n in TEN if n.startswith("top1")} <= {name for name, feature in read.features.items() if feature.key}


def test_at_least_180_features_of_the_starter_library_have_a_source() -> None:
    starter = {f.name for f in catalogue.features() if f.group not in ("visits", "pages", "portrait")}

    assert len(starter - catalogue_waiting()) >= 180


def catalogue_waiting() -> set[str]:
    return {feature.name for feature in catalogue.features() if feature.waits}


def test_what_is_never_unknown_by_definition_is_zero_without_rows() -> None:
    for feature in catalogue.features():
        if feature.dtype in catalogue.COUNTED:
            assert feature.zero == any(said in feature.definition for said in NEVER_UNKNOWN), feature.name


@pytest.mark.django_db
def test_the_files_keep_what_the_catalogue_promises() -> None:
    assert checking.faults(DAY) == []


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The feature files, to be spoilt."""
    for file in sqlfiles.GROUPS.glob("*.sql"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(sqlfiles, "GROUPS", tmp_path)
    sqlfiles.group.cache_clear()
    yield tmp_path
    sqlfiles.group.cache_clear()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            GROUP.format(select="'many' AS account_age_days"),
            "gives account_age_days as VARCHAR; the catalogue",
        ),
        (GROUP.format(select="1.5 AS account_age_days"), "gives account_age_days as DECIMAL(2,1); the catalogue says"),
        (GROUP.format(select="1 AS account_age"), "gives no column account_age_days"),
        (
            GROUP.format(select="1 AS account_age_days, 1 AS age"),
            "gives age, which features/account.yaml does not",
        ),
        (GROUP.format(select="nobody AS account_age_days"), 'Referenced column "nobody" not found'),
        ("SELECT 1", "account.sql has no line `-- reads:"),
        ("-- reads: acc ounts\nSELECT 1", "account.sql reads 'acc ounts'"),
        ("-- reads: strangers\nSELECT 1", "No app declares strangers to the lake"),
        ("-- reads: live_trades 30, trades 90\nSELECT 1", "trades is read over 30 and over 90 days in one group"),
        (None, "features/account.sql is missing"),
    ],
)
def test_a_group_that_breaks_its_promise_is_named(copied: Path, text: str | None, fault: str) -> None:
    if text is None:
        (copied / "account.sql").unlink()
    else:
        (copied / "account.sql").write_text(text, encoding="utf-8")

    found = checking.faults(DAY)

    assert any(fault in line for line in found), found


@pytest.mark.django_db
def test_a_file_that_no_feature_needs_is_named(copied: Path) -> None:
    (copied / "idle.sql").write_text(GROUP.format(select="1 AS one"))

    assert checking.faults(date(2026, 11, 20)) == [
        "features/idle.sql: no active feature of the catalogue belongs to it."
    ]
