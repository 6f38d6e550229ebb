"""manage.py import KIND FILE: take a settlement file in, line by line, and say what came of it."""  # noqa: N999

import getpass
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from clients.intake import services
from clients.intake.opening import BadFile
from clients.intake.options import BadUsage, read_options
from clients.intake.registry import Kind, UnknownKind, find, kinds
from clients.intake.taking import Outcome
from clients.shared import clock

USAGE = 2  # exit status of a command line that cannot be carried out; 1 says that lines were rejected


class Command(BaseCommand):
    """Imports one file. Exit status: 0 all well, 1 something was rejected, 2 the command line is wrong."""

    help = "Import a file of clients, accounts, trades and other kinds; rejected lines go to a reject file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=f"one of {', '.join(kind.name for kind in kinds())}")
        parser.add_argument(
            "file", metavar="FILE", nargs="?", type=Path, help="CSV, JSONL, Parquet or log, plain or .gz"
        )
        parser.add_argument("--columns", action="store_true", help="print the columns of KIND and stop")
        parser.add_argument("--dry-run", action="store_true", help="check everything, change nothing")
        theirs = "their name of a column, or the path of a page; @FILE for a file of such lines"
        parser.add_argument("--map", action="append", default=[], metavar="THEIRS=OURS", help=theirs)
        parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="a value for every line")
        parser.add_argument("--skip", action="append", default=[], metavar="COLUMN", help="leave their column out")
        parser.add_argument("--scale", action="append", default=[], metavar="FIELD=N", help="multiply, e.g. volume=100")
        parser.add_argument("--delimiter", default=",", help="of a CSV file; 'tab' for tabs")
        parser.add_argument("--encoding", default="utf-8", help="of a text file, e.g. gb18030")
        parser.add_argument("--reject-file", type=Path, help="where rejected lines go instead of the usual folder")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            kind = find(options["kind"])
            if options["columns"]:
                self._print_columns(kind)
                return
            outcome = self._imported(kind, options)
        except (UnknownKind, BadUsage) as why:
            raise CommandError(str(why), returncode=USAGE) from why
        except BadFile as why:
            raise CommandError(str(why), returncode=1) from why
        except (Error, duckdb.Error, OSError) as why:
            raise CommandError(f"Nothing was taken in: {str(why).strip().splitlines()[0]}", returncode=1) from why
        except KeyboardInterrupt:
            raise CommandError("Broken off: nothing was taken in.", returncode=130) from None
        self._print(kind, outcome, dry=options["dry_run"])
        if outcome.rejected or outcome.refused:
            sys.exit(1)

    def _imported(self, kind: Kind, options: dict[str, Any]) -> Outcome:
        file: Path | None = options["file"]
        if file is None or not file.is_file():
            raise BadUsage(f"There is no file {file}." if file else "Name the file to import.")
        fitted = read_options(
            kind,
            maps=options["map"],
            sets=options["set"],
            skips=options["skip"],
            scales=options["scale"],
            delimiter=options["delimiter"],
            encoding=options["encoding"],
            dry_run=options["dry_run"],
        )
        with _bar(kind.name) as progress:
            return services.import_file(
                kind=kind,
                path=file,
                options=fitted,
                by=getpass.getuser(),
                now=clock.now(),
                reject_file=options["reject_file"],
                progress=progress,
            )

    def _print(self, kind: Kind, outcome: Outcome, *, dry: bool) -> None:
        if outcome.refused:
            self.stdout.write(f"{kind.name}: refused, nothing was taken in: {outcome.refused}")
        else:
            counts = f"{outcome.accepted:,} accepted, {outcome.unchanged:,} unchanged, {outcome.rejected:,} rejected"
            self.stdout.write(f"{kind.name}: {outcome.lines:,} lines: {counts}{' (dry run)' if dry else ''}")
        for code, count in outcome.codes.items():
            self.stdout.write(f"  {code}  {count:,}")
        for text, count in outcome.notes.items():
            self.stdout.write(f"  note: {text}: {count:,}")
        self._print_figures(outcome)

    def _print_figures(self, outcome: Outcome) -> None:
        if outcome.money is not None:
            self.stdout.write(f"  sum of money, rejected lines too: {outcome.money:,}")
        if outcome.clients is not None:
            self.stdout.write(f"  distinct clients: {outcome.clients:,}")
        self.stdout.write(f"  SHA-256: {outcome.sha256}")
        if outcome.reject_file:
            self.stdout.write(f"  rejected lines: {outcome.reject_file}")

    def _print_columns(self, kind: Kind) -> None:
        self.stdout.write(f"{kind.name}: {kind.title}")
        for column in kind.columns:
            marks = [name for name in ("key", "required", "derived") if getattr(column, name)]
            self.stdout.write(f"  {column.name:<20} {column.words}{' (' + ', '.join(marks) + ')' if marks else ''}")


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int, int], None] | None]:
    """Show progress on a terminal; elsewhere show nothing."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[lines]:,} lines"))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(title, total=None, lines=0)
        yield lambda done, size, lines: bar.update(task, completed=done, total=size, lines=lines)
