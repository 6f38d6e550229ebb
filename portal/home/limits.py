"""How often one address may do something, counted in the cache that all processes share."""

import logging

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

HOUR = 3600


def spend(what: str, who: str, *, most: int, seconds: int = HOUR) -> bool:
    """Count one more time; False when `who` has done it more than `most` times since the first of these `seconds`.

    Without the cache nobody can count, and a visitor is not sent away for that.
    """
    try:
        return _spend(f"limit:{what}:{who}", most, seconds)
    except RedisError:
        log.exception("%s is not counted: the cache does not answer", what)
        return True


def _spend(key: str, most: int, seconds: int) -> bool:
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:  # it ran out between the two lines, so this one is the first of a new stretch
        return most > 0
