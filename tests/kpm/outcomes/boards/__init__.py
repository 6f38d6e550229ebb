"""Tests of the board of strategies."""
