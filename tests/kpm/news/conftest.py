"""The importer's fixtures, for the kind of the news."""

from tests.clients.intake.conftest import take, world

__all__ = ["take", "world"]
