"""`bench capture`: the collector against DRF, pages while events arrive, kills under load, and compaction.

Everything runs in real servers on this machine with a database and a lake of their own. What a way of taking events
spends is the CPU time of the web server's processes and of the database's, until the events are safe on the disk; each
is told apart. The peer is DRF's own way (`bench/capturing/peer.py`); a barer one stands beside it among the facts.
"""

import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from django.db import connection
from django.test.utils import override_settings

from bench import cpu, throwaway
from bench.capturing import compacting, killing, load, pages, peer
from bench.capturing.server import OURS, PEER, Server, environment, running
from bench.result import NotMeasured, Result
from clients.shared import clock
from portal.collect import services

NAME, TITLE = "capture", "events through the collector against DRF and bulk_create"
BATCH = 20
KILLS = 5
DAYS, EVENTS_A_DAY = 20, 200  # days that are compacted, events in each for every request
SCALE = 5000  # requests with BATCH events each; the others follow from it


def run(*, clients: int | None = None) -> Result:
    """Measure; `clients` scales how many requests are sent."""
    with throwaway.database(), throwaway.lake(), tempfile.TemporaryDirectory() as folder:
        with override_settings(COLLECT_DIR=Path(folder) / "segments", DEAD_LETTER_DIR=Path(folder) / "dead"):
            return measure(Path(folder), requests=clients or SCALE)


def measure(folder: Path, *, requests: int) -> Result:
    """Run all parts, one after the other."""
    key, env, log = services.own_web_key(), environment(folder / "segments"), folder / "server.log"
    found = _speeds(env, log, key, requests)
    with running(OURS, env, log) as server:
        quiet, busy, arrived = pages.latency(server.port, key)
    told = killing.acknowledged(key, env, log, times=KILLS)
    lost, doubled = killing.lost_or_doubled(told, now=clock.now())
    spent = _compacted(folder / "days", requests * EVENTS_A_DAY)
    rate = {name: speed.events / (speed.cpu + speed.database) for name, speed in found.items()}
    return Result(
        NAME,
        ratios={
            "collector_vs_drf": round(rate["collector"] / rate["drf"], 1),
            "collector_vs_drf_single": round(rate["collector_single"] / rate["drf_single"], 1),
            "page_latency_ratio": round(busy / quiet, 3),
            "acked_lost": lost,
            "compaction_events_per_cpu_s": round(requests * EVENTS_A_DAY * len(spent) / sum(spent)),
            "compaction_growth": round(sum(spent) / len(spent) / spent[0], 3),
        },
        cpu_s={name: round(speed.cpu, 2) for name, speed in found.items()}
        | {f"{name}_database": round(speed.database, 2) for name, speed in found.items()},
        facts={
            "acked_doubled": doubled,
            "compaction_cpu_s_by_day": [round(seconds, 2) for seconds in spent],
            "events_a_day": requests * EVENTS_A_DAY,
            "events_per_cpu_s": {name: round(each) for name, each in rate.items()},
            "page_ms": {"without": round(quiet, 2), "with": round(busy, 2), "events_per_second": round(arrived)},
            "acked": len(told),
            "kills": KILLS,
        },
    )


def _compacted(folder: Path, events: int) -> list[float]:
    """Return the CPU seconds that compaction took of each day of a lake that grows day by day."""
    connection.ensure_connection()
    postmaster = cpu.postmaster_of(connection.connection.info.backend_pid)
    with override_settings(COLLECT_DIR=folder, DEAD_LETTER_DIR=folder / "dead"):
        return compacting.days(folder, many=DAYS, events=events, postmaster=postmaster)


def _speeds(env: dict[str, str], log: Path, key: str, requests: int) -> dict[str, "Speed"]:
    """Return what each way spent, in batches and one by one."""
    connection.ensure_connection()
    postmaster = cpu.postmaster_of(connection.connection.info.backend_pid)
    peer.make_table()
    few, found = max(1, requests // 10), dict[str, Speed]()
    for target, ways in (
        (OURS, [("collector", "", requests)]),
        (PEER, [("drf", "", few), ("drf_plain", "/plain", few)]),
    ):
        with running(target, env, log) as server:
            for name, under, many in ways:
                _leg(server, key, few, BATCH, under, postmaster)  # warm
                found[name] = _leg(server, key, many, BATCH, under, postmaster)
                found[f"{name}_single"] = _leg(server, key, many * 2, 1, under, postmaster)
    return found


@dataclass(frozen=True)
class Speed:
    """What was sent, and what the web server and the database spent on it, in CPU seconds."""

    events: int
    cpu: float
    database: float


_numbers = count(10**9, 10**7)


def _leg(server: Server, key: str, requests: int, each: int, under: str, postmaster: int) -> Speed:
    texts, before = load.bodies(next(_numbers), requests, each), server.cpu()
    with cpu.spent(postmaster) as spent:
        events = load.send(server.port, key, texts, each=each, under=under)
        seconds = server.cpu() - before
    if seconds <= 0:
        raise NotMeasured("The server spent no measurable CPU time: send more requests (--clients).")
    return Speed(events, seconds, spent.server)
