"""Service strategies, their immutable versions, runs, hits and the funnel."""
