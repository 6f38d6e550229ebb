"""Real public files go through as they are; skipped where they are not beside the repository."""

from pathlib import Path

import pytest

from clients.market.models import DailyBar, Security, SecurityName
from tests.clients.intake.taking import Take

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared test data is not beside the repository")
MASTER = ["status=listed", "lot=100", "tick=0.01", "t_plus=1", "currency=CNY", "risk_flag=none"]


def test_the_securities_master_and_the_bars_of_300_codes(take: Take) -> None:
    master = take("securities", DATA / "securities" / "stocks.csv", sets=MASTER)
    bars = [
        take("bars", DATA / "bars" / name, maps=["date=day"], scales=["volume=100"], sets=["adjusted=1"])
        for name in ("bars.csv.gz", "bars.parquet")
    ]

    assert master.counts == (6188, 0, 0)
    assert master.outcome.notes["name_from derived from the first trading day known"] == 5819
    assert [taken.counts for taken in bars] == [(145_518, 0, 0), (0, 145_518, 0)]
    assert bars[0].outcome.notes == {
        "exchange derived: the code stands in the master once": 145_518,
        "previous close derived from the bar before": 145_218,
        "amount derived from volume and the mean price": 145_518,
        "status derived from volume and the day of listing": 145_518,
        "jumps flagged: the move is larger than the board allows": 80,
    }
    assert DailyBar.objects.filter(jump=True).count() == 80
    assert Security.objects.filter(board="star").count() > 500
    names = SecurityName.objects.filter(security__code="000001", security__exchange="SZ")
    assert list(names.values_list("name", "valid_from__year")) == [("平安银行", 1991)]
    assert SecurityName.objects.filter(valid_from=None).count() > 1141
