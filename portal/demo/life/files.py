"""The files of a day, or of the whole past, in the order in which they must be imported."""

import csv
import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from portal.demo.life import declared, lines, tidings, visits
from portal.demo.life.residents import consents
from portal.demo.life.world import Household, World, forget
from portal.demo.sample.facts import flow_line, trade_line
from portal.demo.sample.listing import rows as security_rows
from portal.demo.sample.write import text

KINDS = (
    "securities", "bars", "security_events", "products", "clients", "accounts", "consents", "cashflows", "trades",
    "positions", "product_holdings", "margin", "news", "events",
)  # fmt: skip
JSON_KINDS = ("news", "events")
PAST = "past"
LONG = 3_000_000  # bytes
Row = dict[str, object]


def folder_of(base: Path, day: date | None) -> Path:
    """Return where the files of a day stand; those of the past without a day."""
    return base / "days" / (day.isoformat() if day else PAST)


def written(base: Path, day: date | None) -> list[tuple[str, Path]]:
    """Return (kind, file) of a day in import order; nothing when it has not been written yet."""
    folder = folder_of(base, day)
    return [(kind, path) for kind in KINDS for path in sorted(folder.glob(f"{kind}[.-]*"))]


def write_past(base: Path, world: World) -> None:
    """This will let everybody live through the past and write what files tell of it, whole or not at all."""
    days = world.plan.past()
    with _Files(folder_of(base, None)) as files:
        files.add("securities", security_rows(world.prices.listings))
        before, seen_from = None, world.plan.seen_from()
        for day in days:
            _close(files, world, day, before, seen=day >= seen_from)
            before = day
        _known(files, world, world.arriving(days[-1], None), [])
        world.keep(files.draft)


def write_day(base: Path, world: World, day: date, before: date) -> None:
    """This will let everybody live through one day and write its files, whole or not at all."""
    with _Files(folder_of(base, day)) as files:
        altered = _close(files, world, day, before, seen=True)
        _known(files, world, world.arriving(day, before), altered)
        world.keep(files.draft)


def drop(base: Path, day: date) -> None:
    """This will remove the files of a day that has been lived and is not the newest one."""
    shutil.rmtree(folder_of(base, day), ignore_errors=True)


def _known(files: "_Files", world: World, arriving: list[Household], altered: list[Household]) -> None:
    """Write the lines of those who came and of those of whom something has changed, as it stands at the end."""
    files.add("clients", declared.clients(world, [*arriving, *altered]))
    files.add("accounts", declared.account_lines(world, [*arriving, *altered]))
    files.add("consents", (row for one in arriving for row in consents(one.resident, world.plan.seed)))


def _close(files: "_Files", world: World, day: date, before: date | None, *, seen: bool) -> list[Household]:
    """Live one day and write what settlement says of it; return of whom something changed."""
    world.live(day, before)
    i = world.prices.index[day]
    wallets = list(world.wallets(day))
    files.add("bars", (world.prices.line(listing, i) for listing in world.prices.listings))
    files.add("products", world.shelf.rows(i))
    trades = sorted((t for _one, wallet in wallets for t in wallet.trades), key=lambda t: (t.at, t.account))
    files.add("trades", (trade_line(trade, number) for number, trade in enumerate(trades, 1)))
    flows = sorted((f for _one, wallet in wallets for f in wallet.flows), key=lambda f: (f.at, f.account))
    files.add("cashflows", (flow_line(flow, number) for number, flow in enumerate(flows, 1)))
    files.add("positions", lines.positions(world, day, wallets))
    files.add("product_holdings", lines.product_holdings(world, day, wallets))
    files.add("margin", lines.margin(world, day, wallets))
    files.add("security_events", tidings.happenings(world, day, before))
    files.add("news", tidings.articles(world, day))
    if seen:
        files.add("events", visits.rows(world, day))
    altered = world.altered(day)
    forget(wallets)
    return altered


class _Files:
    """A folder that appears whole: files are written beside it and moved when all are there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.draft = folder, folder.with_name(f".{folder.name}")

    def __enter__(self) -> "_Files":
        shutil.rmtree(self.draft, ignore_errors=True)
        self.draft.mkdir(parents=True, mode=0o700)
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is None:
            self.draft.rename(self.folder)

    def add(self, kind: str, rows: Iterable[Row]) -> None:
        """Append rows to the file of a kind; no row, no file."""
        (self._json if kind in JSON_KINDS else self._csv)(kind, iter(rows))

    def _csv(self, kind: str, rows: Iterator[Row]) -> None:
        path = self._place(kind)
        new = not path.exists()
        with path.open("a", encoding="utf-8", newline="") as file:
            for number, row in enumerate(rows):
                if number == 0:
                    writer = csv.writer(file, lineterminator="\n")
                    if new:
                        writer.writerow(row)
                writer.writerow([text(value) for value in row.values()])
        if not path.stat().st_size:
            path.unlink()

    def _place(self, kind: str) -> Path:
        """The file that rows go into: another one when it is long, since the importer checks a file as a whole."""
        parts = sorted(self.draft.glob(f"{kind}[.-]*"))
        if parts and parts[-1].stat().st_size < LONG:
            return parts[-1]
        return self.draft / f"{kind}-{len(parts) + 1:02d}.csv"

    def _json(self, kind: str, rows: Iterator[Row]) -> None:
        found = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
        if found:
            with (self.draft / f"{kind}.jsonl").open("a", encoding="utf-8") as file:
                file.write(found)
