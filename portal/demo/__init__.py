"""A simulated branch that lives through the real services."""
