"""Index: the tasks of every package, where Celery looks for them."""

from accounts.inactive.tasks import sweep_unused_accounts
from accounts.registration.tasks import remove_unverified_registrations
from accounts.sign_in.tasks import count_failed_sign_ins, remove_expired_codes, remove_expired_sessions
from accounts.staff.tasks import void_old_resets

__all__ = [
    "count_failed_sign_ins",
    "remove_expired_codes",
    "remove_expired_sessions",
    "remove_unverified_registrations",
    "sweep_unused_accounts",
    "void_old_resets",
]
