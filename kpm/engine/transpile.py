"""The same condition in the SQL of another engine."""

import sqlglot

from kpm.engine.check import Condition
from kpm.engine.parse import DIALECT


def transpile(condition: Condition, dialect: str) -> str:
    """Write a condition for another engine, for example "spark"; columns keep the names of the features."""
    return sqlglot.transpile(condition.sql, read=DIALECT, write=dialect)[0]
