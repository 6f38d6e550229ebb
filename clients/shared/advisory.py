"""Key spaces of the database's advisory locks, so that two kinds of locks never meet.

The database counts a lock by two numbers. The first is one of these; the second says which one of them is locked: its
own number, or `hashtext` of its name, where a chance meeting of two names costs a wait and nothing else.
"""

from enum import IntEnum


class Space(IntEnum):
    """What is locked."""

    IMPORT_MERGING = 0x494D4D  # one file of a kind is written at a time (clients/intake)
    IMPORT_ALIVE = 0x494D50  # an import whose process lives (clients/intake)
    JOB = 20_150_311  # a job that a worker performs
    CLIENT = 20_150_312  # deliveries to one client
    RUN = 20_150_313  # a slot of a day that is judged and published
    RUN_BEGINS = 20_150_314  # a new attempt of a slot of a day
    WITHIN_THE_DAY = 20_150_315  # a slot within the day, for its whole length
    OUTCOMES = 20_150_316  # measuring what came of hits
    REGISTRATION = 20_150_317  # one form of a visitor
    WORK_DAY = 20_150_319  # handing out the capacity of a day
    FIRST_ADMINISTRATOR = 20_150_318
