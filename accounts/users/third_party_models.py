"""Models of libraries that point at a user, and what they hold of a person."""

from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext_lazy as _

from accounts.users.models import User
from privacy.inventory.copy_parts import ROW_NUMBER, CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record, declare_third_party_model
from privacy.inventory.retention_classes import RetentionClass
from privacy.inventory.value_labels import register_value_label

_STAFF = "staff actions: the object's text is an identifier, the change message names fields, never values"
_WORKED_ON = "the number of what staff worked on, such as a person whom they looked at: another person"

declare_third_party_model(
    LogEntry,
    Record(
        subject="user__subject",
        retention=RetentionClass.ACCOUNT,
        plain=dict.fromkeys(("action_time", "object_id", "object_repr", "action_flag", "change_message"), _STAFF),
        copy=CopyPart(
            CopySection.STAFF,
            "staff_actions",
            _("What you did in the staff pages"),
            CopySource.PORTAL,
            (
                CopyValue("at", _("When"), column="action_time"),
                CopyValue("action", _("What"), column="action_flag"),
                CopyValue("changed", _("Details"), column="change_message", words="staff_change"),
            ),
            newest="at",
            left_out=dict.fromkeys(("object_id", "object_repr"), _WORKED_ON),
        ),
    ),
)
declare_third_party_model(
    User.groups.through,
    Record(
        subject="user__subject",
        retention=RetentionClass.ACCOUNT,
        plain={"id": TECHNICAL},
        copy=CopyPart(
            CopySection.STAFF,
            "staff_roles",
            _("Roles"),
            CopySource.STAFF,
            (CopyValue("role", _("Role"), column="group.name", words="our_words"),),
            left_out={"id": ROW_NUMBER},
        ),
    ),
)
declare_third_party_model(
    User.user_permissions.through,
    Record(
        subject="user__subject",
        retention=RetentionClass.ACCOUNT,
        plain={"id": TECHNICAL},
        copy=CopyPart(
            CopySection.STAFF,
            "staff_rights",
            _("Single rights"),
            CopySource.STAFF,
            (CopyValue("right", _("Right"), column="permission.name", words="our_words"),),
            left_out={"id": ROW_NUMBER},
        ),
    ),
)
register_value_label("staff_change", lambda message: LogEntry(change_message=message).get_change_message())
