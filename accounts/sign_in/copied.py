"""What a copy of a person's data says of contact points, sessions, devices, second factors and security events."""

from django.utils.translation import gettext_lazy as _

from privacy.register.copy_parts import CopyPart, CopySection, CopySource, CopyValue

CONTACT_POINTS = CopyPart(
    CopySection.CONTACT,
    "contact_points",
    _("Phone numbers and e-mail addresses"),
    CopySource.PERSON,
    (
        CopyValue("field", _("What"), words="field"),
        CopyValue("value", _("Number or address")),
        CopyValue("verified_at", _("Verified on")),
        CopyValue("reset_at", _("Replaced by our staff on")),
        CopyValue("created_at", _("Added on")),
        CopyValue("kind", _("Kind"), for_people=False),
    ),
    newest="created_at",
)
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
    told_apart=True,
)
KNOWN_DEVICES = CopyPart(
    CopySection.SIGN_IN,
    "known_devices",
    _("Devices that you signed in with before"),
    CopySource.USE,
    (
        CopyValue("device", _("Device"), words="device"),
        CopyValue("first_signed_in_at", _("First sign-in"), is_time=True),
        CopyValue("last_signed_in_at", _("Last sign-in"), is_time=True),
    ),
    newest="last_signed_in_at",
    position=3,
    told_apart=True,
)
SECOND_FACTORS = CopyPart(
    CopySection.SIGN_IN,
    "second_factors",
    _("Two-step verification"),
    CopySource.PERSON,
    (
        CopyValue("type", _("Kind"), words="second_factor"),
        CopyValue("created_at", _("Added on"), is_time=True),
        CopyValue("last_used_at", _("Last used"), is_time=True),
    ),
    newest="created_at",
    position=1,
    told_apart=True,
)
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
    told_apart=True,
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
