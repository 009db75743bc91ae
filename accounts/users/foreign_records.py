"""Models of libraries that point at a user, and what they hold of a person."""

from django.contrib.admin.models import LogEntry

from accounts.users.models import User
from privacy.register.declarations import TECHNICAL, Record, declare_foreign_record
from privacy.register.retention_classes import RetentionClass

_STAFF = "staff actions: the object's text is an identifier, the change message names fields, never values"

declare_foreign_record(
    LogEntry,
    Record(
        subject="user__subject",
        retention=RetentionClass.ACCOUNT,
        plain=dict.fromkeys(("action_time", "object_id", "object_repr", "action_flag", "change_message"), _STAFF),
    ),
)
for through in (User.groups.through, User.user_permissions.through):
    declare_foreign_record(
        through, Record(subject="user__subject", retention=RetentionClass.ACCOUNT, plain={"id": TECHNICAL})
    )
