"""compose.yaml starts the house that `manage.py up --demo` starts: the same processes, nothing open to the outside."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.embedded.places import places
from portal.operations import house

ROOT = Path(__file__).resolve().parents[2]
CONFIG: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = CONFIG["services"]
OURS = sorted(name for name, service in SERVICES.items() if service["image"] == "wangting")
ADDRESS = {"--host", "0.0.0.0", "--port", "8000", house.HOST}


def test_it_has_database_broker_and_every_process_of_up() -> None:
    assert {"database", "cache"} | set(OURS) == set(SERVICES)
    assert OURS == ["beat", "demo", "first-days", "web", "worker"]


@pytest.mark.parametrize("name", ["web", "worker", "beat", "demo"])
def test_a_process_is_started_as_up_starts_it(name: str, tmp_path: Path) -> None:
    children = house.children(port=8000, where=places(tmp_path), demo=True, addresses={})
    argv = next(child.argv for child in children if child.name == name)
    expected = [str(part).replace(house.MANAGE, "manage.py") for part in argv[1:]]

    command = SERVICES[name]["command"][1:]

    # A container ends its own process: the limit on how long a worker may take to end is the container's.
    assert [part for part in command if part not in ADDRESS] == [
        part for part in expected if part not in ADDRESS | {"--workers-kill-timeout", "5"}
    ]


def test_what_must_be_done_first_is_what_up_does_first() -> None:
    command = SERVICES["first-days"]["command"][-1]

    steps = re.findall(r"manage\.py (.+?)(?: &&|$)", command)

    assert steps == ["migrate --no-input", "collectstatic --no-input", f"demo --until {house.DAYS_FIRST}"]


def test_every_setting_it_gives_is_one_that_is_read() -> None:
    read = (ROOT / "portal" / "settings.py").read_text(encoding="utf-8")

    given = {name for service in OURS for name in SERVICES[service]["environment"]}

    assert given == {"DATABASE_URL", "REDIS_URL", "WANGTING_VAR", "DEMO", "LAKE_SHARED"}
    assert [name for name in sorted(given) if f'"{name}"' not in read] == []


def test_only_the_web_answers_outside_and_only_on_this_machine() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert ports == {"web": [f"{house.HOST}:8000:8000"]}


def test_whatever_is_waited_for_is_there() -> None:
    for name, service in SERVICES.items():
        for needed, how in service.get("depends_on", {}).items():
            assert needed in SERVICES, f"{name} waits for {needed}"
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[needed]
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == set(CONFIG["volumes"])


def test_worker_and_beat_wait_for_the_past_to_be_lived() -> None:
    for name in ("worker", "beat"):
        assert SERVICES[name]["depends_on"]["demo"] == {"condition": "service_completed_successfully"}


def _has_compose() -> bool:
    docker = shutil.which("docker")
    if docker is None:
        return False
    return subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _has_compose(), reason="docker compose is not installed; it would read the file itself")
def test_docker_reads_it() -> None:
    done = subprocess.run(["docker", "compose", "config", "-q"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
