"""Payments and their providers; knows nothing about what is paid for."""
