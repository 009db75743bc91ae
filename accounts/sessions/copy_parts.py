"""Sessions and devices in a copy of a person's data."""

from django.utils.translation import gettext_lazy as _

from privacy.inventory.copy_parts import CopyPart, CopySection, CopySource, CopyValue

SESSIONS = CopyPart(
    CopySection.SIGN_IN,
    "sessions",
    _("Devices where you are signed in"),
    CopySource.USE,
    (
        CopyValue("name", _("Name that the app gave it")),
        CopyValue("device", _("Device"), words="device"),
        CopyValue("signed_in_at", _("Signed in on"), is_time=True),
        CopyValue("last_used_at", _("Last used"), is_time=True),
        CopyValue("ends_at", _("Ends"), is_time=True),
    ),
    newest="signed_in_at",
    position=2,
    custom_rows=True,
)


KNOWN_DEVICES = CopyPart(
    CopySection.SIGN_IN,
    "known_devices",
    _("Devices that you signed in with before"),
    CopySource.USE,
    (
        CopyValue("name", _("Name that you gave it")),
        CopyValue("device", _("Device"), words="device"),
        CopyValue("first_signed_in_at", _("First sign-in"), is_time=True),
        CopyValue("last_signed_in_at", _("Last sign-in"), is_time=True),
    ),
    newest="last_signed_in_at",
    position=3,
    custom_rows=True,
)
