"""A hit becomes a message, a reminder or a task."""
