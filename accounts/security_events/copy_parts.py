"""Security events and changes in a copy of a person's data."""

from django.utils.translation import gettext_lazy as _

from privacy.inventory.copy_parts import CopyPart, CopySection, CopySource, CopyValue

SIGN_IN_CHANGES = CopyPart(
    CopySection.SIGN_IN,
    "sign_in_changes",
    _("Changes that you can still undo"),
    CopySource.PORTAL,
    (
        CopyValue("at", _("When"), is_time=True),
        CopyValue("event", _("Event"), column="kind"),
        CopyValue("device", _("Device"), words="device"),
        CopyValue("former_contact", _("Former phone number or e-mail address")),
        CopyValue("former_username", _("Former username")),
        CopyValue("undo_until", _("Can be undone until"), is_time=True),
    ),
    newest="at",
    position=4,
    custom_rows=True,
)


SECURITY_EVENTS = CopyPart(
    CopySection.SECURITY,
    "security_events",
    _("Sign-ins and changes"),
    CopySource.USE,
    (
        CopyValue("at", _("When")),
        CopyValue("event", _("Event"), column="kind"),
        CopyValue("device", _("Device"), words="device"),
    ),
    newest="at",
)
