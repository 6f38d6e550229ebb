"""States carried from day to day, as SQL over `before` and `rows` (see `clients.lake.folding`)."""
