"""Filters for the pages of strategies."""
