"""Back-tests: what a version would have found on days that are over, before anybody is contacted.

spread(version, until=day) gives mean and deviation of what it matched a day, for the band that is signed.
"""

from kpm.strategies.backtesting.spreading import Spread, spread

__all__ = ["Spread", "spread"]
