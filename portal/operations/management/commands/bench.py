"""manage.py bench NAME: one benchmark with its peer, as a table or as one JSON object."""

import json
from argparse import ArgumentParser
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

import bench
from bench.cpu import NotMeasurable
from bench.result import NotMeasured, Result


def benchmarks() -> dict[str, ModuleType]:
    """Return every benchmark by its name."""
    modules = [import_module(f"bench.{found.name}") for found in iter_modules(bench.__path__)]
    return {module.NAME: module for module in modules if hasattr(module, "NAME")}


class Command(BaseCommand):
    """Runs a benchmark."""

    help = "Measure a part of the house against its peer in the same run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="one of: " + ", ".join(sorted(benchmarks())))
        parser.add_argument("--clients", type=int, help="how many clients; each benchmark has its own default")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")

    def handle(self, *args: Any, name: str, clients: int | None, **options: Any) -> None:
        known = benchmarks()
        if name not in known:
            raise CommandError(f"There is no benchmark '{name}': {', '.join(sorted(known))}.", returncode=2)
        if clients is not None and clients < 1:
            raise CommandError("--clients must be at least 1.", returncode=2)
        try:
            result: Result = known[name].run(clients=clients)
        except (NotMeasurable, NotMeasured) as why:
            raise CommandError(str(why)) from why
        except KeyboardInterrupt as stop:
            raise CommandError("Broken off; what it had made is removed.", returncode=130) from stop
        self.stdout.write(json.dumps(result.words(), ensure_ascii=False)) if options["json"] else _print(result)


def _print(result: Result) -> None:
    table = Table("", result.name)
    for title, values in (("ratio", result.ratios), ("CPU seconds", result.cpu_s), ("", result.facts)):
        for key, value in values.items():
            for inner, text in value.items() if isinstance(value, dict) else [("", value)]:
                table.add_row(f"{title} {key} {inner}".strip(), str(text))
    Console().print(table)
