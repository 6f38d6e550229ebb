"""Third-party browser files: a short allow-list out of node_modules, and nothing else from there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.storage import FileSystemStorage

ALLOWED = {
    "vendor/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/tabler.min.css.map": "@tabler/core/dist/css/tabler.min.css.map",  # named in the file above
}


class _Renamed(FileSystemStorage):
    """Opens an allowed name at its place in node_modules."""

    def path(self, name: str) -> str:
        return str(Path(settings.BASE_DIR) / "node_modules" / ALLOWED[name])


class AllowedAssetsFinder(BaseFinder):
    """Finds the files of ALLOWED; a missing one is simply not found, and collectstatic then names it."""

    storage = _Renamed()

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [self.storage.path(path)] if path in ALLOWED and Path(self.storage.path(path)).exists() else []
        return found if find_all else (found[0] if found else [])

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, StaticFilesStorage | FileSystemStorage]]:
        for name in ALLOWED:
            yield name, self.storage
