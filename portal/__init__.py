"""SHOWS: the branch on the web, and its counters."""
