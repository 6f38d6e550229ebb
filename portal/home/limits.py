"""How often one address may do something, counted in the cache that all processes share."""

from django.core.cache import cache

HOUR = 3600


def spend(what: str, who: str, *, most: int, seconds: int = HOUR) -> bool:
    """Count one more time; False when `who` has done it more than `most` times since the first of these `seconds`."""
    key = f"limit:{what}:{who}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:  # it ran out between the two lines, so this one is the first of a new stretch
        return most > 0
