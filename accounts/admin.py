"""Index: what staff see of every room."""

from accounts.staff.admin import PersonAdmin

__all__ = ["PersonAdmin"]
