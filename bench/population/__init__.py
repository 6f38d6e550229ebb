"""An invented branch of any number of clients, written straight into the lake and the record, for the benchmarks.

`lakes` writes the tables that features read, one SELECT a table in `tables/`; `rows` copies what judging needs into
the record, one SELECT a table in `record/`. Everything follows from the client's number, so two branches of one size
are the same. The density is fixed: 10 positions, 50 trades and 100 events over 90 days a client, on average; states
of a day (positions, products, margin) are those of the last day only.
"""
