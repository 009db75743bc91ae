"""Index: what staff see of every package."""

from accounts.staff.admin import PersonAdmin
from accounts.staff.counts_admin import MonthlyCountAdmin, PurgeAdmin
from accounts.staff.groups_admin import RoleAdmin
from accounts.staff.staff_admin import StaffAccountAdmin

__all__ = ["MonthlyCountAdmin", "PersonAdmin", "PurgeAdmin", "RoleAdmin", "StaffAccountAdmin"]
