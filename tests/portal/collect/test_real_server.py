"""The real server: two unmodified SDKs of another house, bodies of every size, and SIGKILL under load."""

import json
import shutil
import subprocess
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import segment.analytics.client

from clients.shared import clock
from portal.collect import services
from portal.collect.models import WriteKey
from tests.portal.collect.asking import event, lines_of
from tests.portal.collect.serving import Sender, Server, served

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("collector")]
NODE = """
const { Analytics } = require("@segment/analytics-node")
const [host, writeKey] = process.argv.slice(1)
const told = new Analytics({ host, writeKey, flushAt: 3 })
told.on("error", (error) => { console.error(error); process.exitCode = 1 })
told.identify({ userId: "C0000123", traits: { plan: "gold" } })
told.track({ userId: "C0000123", event: "stock_viewed", properties: { symbol: "600519.SH", title: "贵州茅台" } })
told.page({ anonymousId: "a-1", name: "holdings" })
told.group({ userId: "C0000123", groupId: "g-1" })
told.alias({ userId: "C0000123", previousId: "a-1" })
told.screen({ userId: "C0000123", name: "home" })
told.closeAndFlush()
"""


def key(kind: str, platform: str = "counter") -> tuple[WriteKey, str]:
    return services.make_key(name=kind, platform=platform, kind=kind, by=None, now=clock.now())


def kept(server: Server) -> list[dict[str, Any]]:
    server.kill()
    return told(server.folder)


def told(folder: Path) -> list[dict[str, Any]]:
    """The events in a folder, without the lines in which a server that runs for long tells what it refused."""
    return [line for line in lines_of(folder) if line.get("x") != "tally"]


def tell_all_six(host: str, text: str, *, zipped: bool, faults: list[Any]) -> None:
    sdk = segment.analytics.client.Client(
        text, host=host, gzip=zipped, on_error=lambda *why: faults.append(why), max_retries=1
    )
    sdk.identify("C0000123", {"plan": "gold"})
    sdk.track("C0000123", "stock_viewed", {"symbol": "600519.SH", "title": "贵州茅台"})
    sdk.page(anonymous_id="a-1", name="holdings")
    sdk.group("C0000123", "g-1")
    sdk.alias("a-1", "C0000123")
    sdk.screen("C0000123", name="home")
    sdk.shutdown()


def test_the_python_sdk_sends_to_us_unmodified_zipped_and_not(tmp_path: Path) -> None:
    row, text = key("server")
    faults: list[Any] = []
    with served(tmp_path) as server:
        for zipped in (False, True):
            tell_all_six(server.host, text, zipped=zipped, faults=faults)

        lines = kept(server)

    assert faults == []
    assert [(line["t"], line["n"], line["k"]) for line in lines] == [
        ("identify", "C0000123", row.pk), ("track", "C0000123", row.pk), ("page", None, row.pk),
        ("group", "C0000123", row.pk), ("alias", "C0000123", row.pk), ("screen", "C0000123", row.pk),
    ] * 2  # fmt: skip
    assert lines[1]["e"]["properties"] == {"symbol": "600519.SH", "title": "贵州茅台"}
    assert all(line["s"] and line["u"].startswith("analytics-python/") for line in lines)


@pytest.mark.skipif(not shutil.which("node"), reason="there is no node; the SDK for node needs it")
@pytest.mark.skipif(not Path("node_modules/@segment/analytics-node").exists(), reason="npm ci has not been run")
def test_the_node_sdk_sends_to_us_unmodified(tmp_path: Path) -> None:
    row, text = key("server")
    with served(tmp_path) as server:
        done = subprocess.run(["node", "-e", NODE, server.host, text], capture_output=True, text=True, timeout=60)

        lines = kept(server)

    assert (done.returncode, done.stderr) == (0, "")
    assert Counter((line["t"], line["n"], line["k"]) for line in lines) == Counter(
        [
            *[(kind, "C0000123", row.pk) for kind in ("identify", "track", "group", "alias", "screen")],
            ("page", None, row.pk),
        ]
    )
    assert all(line["s"] and line["e"]["messageId"].startswith("node-next-") for line in lines)


def test_bodies_of_every_size_are_answered_and_django_stands_behind(tmp_path: Path) -> None:
    _row, text = key("public", "web")
    filler = [event(messageId=str(number), filler="x" * 30_000) for number in range(16)]
    with served(tmp_path) as server:
        large = server.post("/v1/batch", json.dumps({"batch": filler}).encode(), text)
        beyond = [server.post("/v1/batch", b" " * size, text)[0] for size in (500 * 1024 + 1, 3_000_000)]
        unknown = server.post("/v1/t", json.dumps(event()).encode(), "nobody's")
        health = server.ask("GET", "/health/")

        lines = kept(server)

    assert large == (200, b'{"success": true}')
    assert beyond == [413, 413]
    assert (unknown[0], json.loads(unknown[1])["code"]) == (401, "unknown_key")
    assert health[0] == 200
    assert [line["e"]["messageId"] for line in lines] == [str(number) for number in range(16)]


def killed_under_load(tmp_path: Path, *, kills: int, between: int) -> tuple[list[Sender], list[dict[str, Any]]]:
    """Kill the server each time so many events more were acknowledged; return the senders and what is in the files."""
    _row, text = key("public", "web")
    ended = threading.Event()
    with served(tmp_path) as server:
        senders = [Sender(server, text, str(number)) for number in range(4)]
        threads = [threading.Thread(target=sender.send, args=(ended,)) for sender in senders]
        for thread in threads:
            thread.start()
        try:
            for number in range(1, kills + 1):
                _until(lambda wanted=number * between: sum(len(s.acknowledged) for s in senders) >= wanted, ended)
                server.kill()
                if number < kills:
                    server.start()
        finally:
            ended.set()
            for thread in threads:
                thread.join()
        return senders, told(server.folder)


def _until(reached: Any, ended: threading.Event) -> None:
    while not reached():
        ended.wait(0.01)


def every_acknowledged_event_is_there_once(senders: list[Sender], lines: list[dict[str, Any]]) -> None:
    found = Counter(line["e"]["messageId"] for line in lines)
    acknowledged = {number for sender in senders for number in sender.acknowledged}

    assert {number: found[number] for number in acknowledged if found[number] != 1} == {}
    assert set(found.values()) == {1}
    assert len(lines) <= sum(sender.sent * sender.size for sender in senders)


def test_a_server_that_is_killed_five_times_under_load_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    senders, lines = killed_under_load(tmp_path, kills=5, between=150)

    assert sum(len(sender.acknowledged) for sender in senders) >= 750
    every_acknowledged_event_is_there_once(senders, lines)


@pytest.mark.slow
def test_a_server_that_is_killed_sixty_times_under_load_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    senders, lines = killed_under_load(tmp_path, kills=60, between=2000)

    assert sum(len(sender.acknowledged) for sender in senders) >= 120_000
    every_acknowledged_event_is_there_once(senders, lines)
