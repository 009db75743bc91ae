"""Third-party models that refer to a user, and their personal data."""

from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext_lazy as _

from accounts.users.models import User
from privacy.inventory.copy_parts import ROW_NUMBER, CopyPart, CopySection, CopySource, CopyValue
from privacy.inventory.declarations import TECHNICAL, Record, ThirdPartyModel
from privacy.inventory.retention_classes import RetentionClass

_STAFF = "staff actions: the object's text is an identifier, the change message names fields, never values"
_WORKED_ON = "the number of what staff worked on, such as a person whom they looked at: another person"

THIRD_PARTY_MODELS = [
    ThirdPartyModel(
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
    ),
    ThirdPartyModel(
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
    ),
    ThirdPartyModel(
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
    ),
]


def staff_change_label(message: str) -> str:
    """Return the text of Django's admin log for a change."""
    return str(LogEntry(change_message=message).get_change_message())
