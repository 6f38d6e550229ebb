"""Regions of addresses: told where the operator has a database, unknown otherwise, and never an address in the lake."""

from pathlib import Path
from typing import Any

import pytest

from clients.behaviour import regions
from tests.clients.behaviour.lineup import line, rows, take

pytestmark = pytest.mark.django_db


class Known:
    """A database of four addresses, with the face of a reader of the library."""

    ROWS = {
        "36.1.2.3": {"country": {"iso_code": "CN"}, "subdivisions": [{"iso_code": "AH"}]},
        "8.8.8.8": {"country": {"iso_code": "US"}},
        "1.1.1.1": {"subdivisions": [{"iso_code": "X"}]},
        "10.0.0.1": None,
    }

    def get(self, ip: str) -> Any:
        if ip not in self.ROWS:
            raise ValueError(f"{ip!r} does not appear to be an IPv4 or IPv6 address")
        return self.ROWS[ip]


@pytest.mark.parametrize(
    ("ip", "region"),
    [("36.1.2.3", "CN-AH"), ("8.8.8.8", "US"), ("1.1.1.1", None), ("10.0.0.1", None), ("nonsense", None), ("", None),
     (None, None)],
)  # fmt: skip
def test_what_the_database_says(captured: Path, monkeypatch: pytest.MonkeyPatch, ip: str | None, region: str) -> None:
    monkeypatch.setattr(regions, "_reader", Known)

    take(captured, line(i=ip))

    assert rows("region") == [(region,)]
    assert not ip or ip not in str(rows("t::VARCHAR"))


def test_without_a_database_regions_are_unknown(captured: Path) -> None:
    take(captured, line())

    assert rows("region") == [(None,)]


@pytest.mark.parametrize("there", [True, False])
def test_a_database_that_cannot_be_read_stops_nothing(
    captured: Path, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, there: bool
) -> None:
    settings.GEOIP_DATABASE = str(tmp_path / "regions.mmdb")
    if there:
        Path(settings.GEOIP_DATABASE).write_bytes(b"no database")

    take(captured, line())

    assert rows("region") == [(None,)]
    assert "GEOIP_DATABASE cannot be read" in caplog.text
