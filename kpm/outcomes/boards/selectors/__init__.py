"""Counts of hits, how often they were right by distance, and what the pages of the board show."""
