"""The importer's fixtures, for the kinds of the market."""

from tests.clients.intake.conftest import take, world

__all__ = ["take", "world"]
