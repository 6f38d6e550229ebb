"""A copy of everything we hold about a client, for himself: one ZIP with a JSON file and a CSV file of each kind.

    kinds.py     which rows and columns of the record and the lake are his to have, and what is left out, with why
    reading.py   those rows
    writing.py   the file

A table with rows of clients that `kinds` names nowhere fails a test, so that a new one is given or left out on purpose.
"""
