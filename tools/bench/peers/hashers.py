"""The hash of `PASSWORD_COST=low`, for the peers, so that hashes cost little in the comparison."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class LowCostHasher(Argon2PasswordHasher):
    """Argon2id with the parameters of the portal's cheap hash."""

    time_cost, memory_cost, parallelism = 1, 8, 1
