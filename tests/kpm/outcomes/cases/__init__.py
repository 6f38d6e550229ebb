"""Tests of success cases."""
