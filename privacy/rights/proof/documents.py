"""Proof by a document that staff look at (GDPR art. 12(6)): only its kind is stored, never the document."""

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.rights.choices import Proof
from privacy.rights.models.requests import RightsRequest
from privacy.rights.services import prove
from privacy.rights.staff.own import refuse_own
from privacy.subjects.models import DataSubject


class DocumentKind(models.TextChoices):
    """What a member of staff looked at."""

    PASSPORT = "passport", _("Passport")
    IDENTITY_CARD = "identity_card", _("Identity card")
    DRIVING_LICENCE = "driving_licence", _("Driving licence")
    RESIDENCE_PERMIT = "residence_permit", _("Residence permit")
    COMPANY_REGISTER = "company_register", _("Extract of the company register, with a power of attorney")
    POWER_OF_ATTORNEY = "power_of_attorney", _("Power of attorney, with a document of who acts")


class UnknownDocument(ValueError):
    """Not one of `DocumentKind`: free text could hold a name or a number."""


def prove_by_document(*, request: RightsRequest, kind: str, subject: DataSubject | None, role: str, by: UUID) -> None:
    """Note that staff looked at a document, of which kind, and in which role; the items are carried out.

    `by` is the number of the account of the member of staff. `subject` is the person whose account it is, as staff
    found it; None where there is no account. Raises `UnknownDocument`, `OwnRequest` and `AnotherPerson`.
    """
    refuse_own(request, by)
    if kind not in DocumentKind.values:
        raise UnknownDocument(f"{kind!r} is no kind of document.")
    prove(request=request, proof=Proof.DOCUMENT, subject=subject, role=role, details={"document": kind})
