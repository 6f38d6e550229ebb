"""Pinyin of Chinese names, to sort and to find them by: the C collation of the database cannot.

The dictionary takes 55 MB and half a second, so it is loaded where the first name is spelt, not in every process.
"""

from functools import lru_cache
from importlib import import_module
from typing import Any


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    return import_module("pypinyin")


def spelt(name: str) -> str:
    """Return the syllables with blanks between: 张三 → `zhang san`; what is no Chinese stays as it is."""
    return " ".join(_dictionary().lazy_pinyin(name))


def initials(name: str) -> str:
    """Return the capitals that terminals show: 贵州茅台 → `GZMT`; letters and digits stay, blanks go."""
    first = _dictionary().Style.FIRST_LETTER
    return "".join("".join(_dictionary().lazy_pinyin(name, style=first)).split()).upper()
