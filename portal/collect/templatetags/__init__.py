"""Template tags of the collector."""
