"""The licences of an enterprise in a copy of its data."""

from django.utils.translation import gettext_lazy as _

from privacy.inventory.copy_parts import (
    ANOTHER_PERSON,
    OUR_ATTEMPTS,
    CopyPart,
    CopySection,
    CopySource,
    CopyValue,
)

LICENCES = CopyPart(
    CopySection.WHO_YOU_ARE,
    "licences",
    _("Business licences"),
    CopySource.PERSON,
    (
        CopyValue("handed_in_at", _("Handed in")),
        CopyValue("state", _("State")),
        CopyValue("due_at", _("To be decided by")),
        CopyValue("decided_at", _("Decided")),
        CopyValue("code", _("What was wrong")),
        CopyValue("field", _("With which detail")),
        CopyValue("words", _("What our staff wrote")),
        CopyValue("expires_at", _("In force until")),
        CopyValue("reminded_days_before", _("Days left at the last reminder"), column="reminded"),
    ),
    newest="handed_in_at",
    position=2,
    left_out={
        "decided_by": ANOTHER_PERSON,
        "taken_by": ANOTHER_PERSON,
        "taken_until": OUR_ATTEMPTS,
        "fingerprint": "a keyed hash that finds the same file sent twice",
    },
)
PAGES = CopyPart(
    CopySection.WHO_YOU_ARE,
    "licence_pages",
    _("Pictures of business licences"),
    CopySource.PERSON,
    (
        CopyValue("made_at", _("Made")),
        CopyValue("number", _("Page")),
        CopyValue("type", _("Kind of picture"), column="content_type"),
        CopyValue("width", _("Width in pixels")),
        CopyValue("height", _("Height in pixels")),
        CopyValue("bytes", _("Bytes"), column="size"),
        CopyValue("sha256", _("Digest of the picture"), column="picture_digest"),
    ),
    newest="made_at",
    position=3,
    left_out={
        "name": "the name of the sealed file; you can save its picture on the page of the licence",
        "sealed_digest": "of the sealed file, which only the portal opens",
    },
)
