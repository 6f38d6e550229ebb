"""How the demo keeps the passwords of its logins: its page lets anybody in as anybody, so nothing hangs on them."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 with little work: the first page of the demo waits for two dozen of these."""

    time_cost = 1
    memory_cost = 1024  # KiB
    parallelism = 1
