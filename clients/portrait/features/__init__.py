"""Feature groups as SQL: one file, one SELECT, at most one row a client. Read by `clients.portrait.sqlfiles`."""
