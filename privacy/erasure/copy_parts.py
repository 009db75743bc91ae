"""What a copy of a person's data says of their cancellations."""

from django.utils.translation import gettext_lazy as _

from privacy.inventory.copy_parts import OUR_ATTEMPTS, ROW_NUMBER, CopyPart, CopySection, CopySource, CopyValue

CANCELLATIONS = CopyPart(
    CopySection.REQUESTS,
    "cancellations",
    _("Account cancellations"),
    CopySource.PORTAL,
    (
        CopyValue("cancelled_at", _("When")),
        CopyValue("ground", _("Why"), words="erasure_ground"),
        CopyValue("moved_to", _("Moved to"), words="jurisdiction"),
        CopyValue("state", _("State")),
        CopyValue("reference", _("Reference")),
        CopyValue("access_ended_at", _("Access ended"), for_people=False),
        CopyValue("due_at", _("Erasure begins")),
        CopyValue("erased_by", _("Will be erased by"), column="deadline_at"),
        CopyValue("started_at", _("Erasure began"), for_people=False),
        CopyValue("erased_at", _("Erased on")),
        CopyValue("language", _("Language"), words="language", for_people=False),
    ),
    newest="cancelled_at",
    left_out={
        **dict.fromkeys(("attempts", "next_attempt_at", "last_failure"), OUR_ATTEMPTS),
        "continued_as": ROW_NUMBER,
        "counts": "empty while the account is there to ask for a copy",
        "held": "empty while the account is there to ask for a copy; legal holds are in it by themselves",
    },
)
_GROUNDS = {
    "7": _("You cancelled the account"),
    "6.3.1": _("Your data was handled against the law"),
    "6.3.2": _("Your data was collected without your consent"),
    "6.3.3": _("Your data was handled against our agreement"),
    "6.3.4": _("The account was no longer used"),
    "6.3.5": _("The service is no longer provided"),
}


def ground_label(ground: str) -> str:
    """Return the words for the ground of an erasure; one without words stays as it is."""
    return str(_GROUNDS.get(ground, ground))
