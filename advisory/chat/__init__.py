"""Online service conversations."""
