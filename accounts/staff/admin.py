"""Loads the admin of people, staff accounts, roles and counts, from the module where Django looks for it."""

from accounts.staff import counts_admin, groups_admin, people_admin, staff_admin

__all__ = ["counts_admin", "groups_admin", "people_admin", "staff_admin"]
