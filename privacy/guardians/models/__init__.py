"""Loads the models of guardians."""

from privacy.guardians.models import accesses, deleted, guardianships, pending, records

__all__ = ["accesses", "deleted", "guardianships", "pending", "records"]
