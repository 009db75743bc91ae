"""Second factors in a copy of a person's data."""

from django.utils.translation import gettext_lazy as _

from privacy.inventory.copy_parts import CopyPart, CopySection, CopySource, CopyValue

SECOND_FACTORS = CopyPart(
    CopySection.SIGN_IN,
    "second_factors",
    _("Two-step verification"),
    CopySource.PERSON,
    (
        CopyValue("type", _("Kind"), words="second_factor"),
        CopyValue("name", _("Name that you gave it")),
        CopyValue("device", _("Device"), words="device"),
        CopyValue("created_at", _("Added on"), is_time=True),
        CopyValue("last_used_at", _("Last used"), is_time=True),
    ),
    newest="created_at",
    position=1,
    custom_rows=True,
)
