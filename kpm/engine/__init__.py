"""The strategy engine: a condition is one boolean SQL expression over feature names.

This will parse a condition, check it against a whitelist and a catalogue, bring it into one normal form,
match it against all clients in DuckDB and explain it for one client. It is plain Python: no Django and no
other package of this project is imported here.

`check` is the way in, `match` runs many conditions at once, `explain` and `near` look at one client.
"""
