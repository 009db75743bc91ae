"""The hash of `PASSWORD_COST=low`, for the peers: what is compared is all else."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class LowCostHasher(Argon2PasswordHasher):
    """Argon2id at the figures of the portal's own cheap hash."""

    time_cost, memory_cost, parallelism = 1, 8, 1
