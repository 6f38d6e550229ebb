"""Counter services as definitions."""
