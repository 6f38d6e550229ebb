"""Questions about write keys."""

from portal.collect.models import WriteKey


def keys_in_force() -> list[WriteKey]:
    """Return every key that has not been revoked: one query."""
    return list(WriteKey.objects.filter(revoked_at=None).only("pk", "digest", "kind", "platform"))


def every_key() -> dict[int, WriteKey]:
    """Return every key that there ever was, by its number: one query."""
    return WriteKey.objects.in_bulk()


def key_by_name(name: str) -> WriteKey | None:
    """Return the key in force with this name; None when there is none."""
    return WriteKey.objects.filter(name=name, revoked_at=None).first()


def public_key_by_name(name: str) -> WriteKey | None:
    """Return the public key in force with this name; None when there is none."""
    return WriteKey.objects.filter(name=name, kind=WriteKey.Kind.PUBLIC, revoked_at=None).first()
