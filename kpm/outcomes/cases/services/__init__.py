"""Writing a case, searching it, and drafting a strategy of it."""
