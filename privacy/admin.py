"""Index: what staff see of every room."""

from privacy.policies.admin import PolicyVersionAdmin

__all__ = ["PolicyVersionAdmin"]
