"""Actions on outcomes."""

from kpm.outcomes.services.measure import Measured, measure

__all__ = ["Measured", "measure"]
