"""The importer's fixtures, for the kinds of the register."""

from tests.clients.intake.conftest import take, world

__all__ = ["take", "world"]
