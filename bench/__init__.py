"""Benchmarks, each with its peer in the same run. Only `manage.py bench` imports them."""
