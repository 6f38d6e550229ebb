"""The event collector in front of Django."""
