"""The studio: a page on which a strategy is written, with what it would do beside every letter."""
