"""Memberships in a copy of a member's data, and invitations in one of an enterprise's data."""

from django.utils.translation import gettext_lazy as _

from privacy.inventory.copy_parts import CopyPart, CopySection, CopySource, CopyValue

OTHERS = "another person, or the enterprise"
MEMBERSHIPS = CopyPart(
    CopySection.WHO_YOU_ARE,
    "memberships",
    _("Your memberships of enterprises, whose own data is not yours"),
    CopySource.PERSON,
    (
        CopyValue("since", _("Member since")),
        CopyValue("role", _("Role")),
        CopyValue("invited_at_address", _("Invited at")),
        CopyValue("ended_at", _("Ended")),
        CopyValue("ownership_offered_at", _("Ownership offered"), column="offered_at"),
    ),
    newest="since",
    position=4,
    left_out={"enterprise": OTHERS, "offered_by": OTHERS},
)
INVITATIONS = CopyPart(
    CopySection.WHO_YOU_ARE,
    "invitations",
    _("Invitations to your enterprise"),
    CopySource.PERSON,
    (
        CopyValue("invited_at", _("Invited on")),
        CopyValue("role", _("Role")),
        CopyValue("expires_at", _("Works until")),
        CopyValue("used_at", _("Used")),
        CopyValue("declined_at", _("Declined")),
        CopyValue("revoked_at", _("Withdrawn")),
    ),
    newest="invited_at",
    position=5,
    left_out={
        "address": "the address of another person",
        "address_index": "a keyed hash that finds an address",
        "token_hash": "a keyed hash of the secret in the link",
        "invited_by": OTHERS,
    },
)
