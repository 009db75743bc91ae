"""Argon2id at OWASP's figures: 19 MiB, 2 passes, 1 lane."""

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher


class OwaspArgon2Hasher(Argon2PasswordHasher):
    """Django's default takes 100 MiB and 8 lanes per sign-in; OWASP's cheat sheet asks for this much.

    `PASSWORD_COST=low` serves load generators and tests, and is refused in production.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
    if settings.PASSWORD_COST == "low":  # noqa: S105 - a cost, not a password
        time_cost, memory_cost = 1, 8
