"""The message that says that an account moved."""

from accounts.security_events.notices import notify
from privacy.erasure.models import ErasureCase
from privacy.jurisdictions.site import link_to
from privacy.subjects.models import DataSubject

MOVED = "account_moved"


def tell_moved(subject: DataSubject, case: ErasureCase) -> None:
    """Queue the message to every contact point of a person who moved, with the receipt of what stayed behind."""
    words = {
        "reference": case.reference,
        "receipt_url": link_to("erasure_receipt", case.reference),
        "erased_by": case.deadline_at.isoformat(timespec="minutes"),
    }
    notify(subject=subject, template=MOVED, words=words, about=str(case.pk))
