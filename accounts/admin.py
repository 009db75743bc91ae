"""Index: what staff see of every room."""

from accounts.staff.admin import PersonAdmin
from accounts.staff.counts_admin import MonthlyCountAdmin, PurgeAdmin

__all__ = ["MonthlyCountAdmin", "PersonAdmin", "PurgeAdmin"]
