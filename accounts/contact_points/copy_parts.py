"""What a copy of a person's data contains of their contact points."""

from django.utils.translation import gettext_lazy as _

from privacy.inventory.copy_parts import CopyPart, CopySection, CopySource, CopyValue

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
