"""A child found without a guardian's consent (clause 8.2 of the sample policy): suspended at once, erased first."""

from uuid import uuid4

from django.db import transaction

from accounts.children.services import ERASE_FOUND_WITHIN
from accounts.profiles.queries import country_of_profile
from accounts.staff.services import record_act
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.erasure.services import cancel_at_once
from privacy.evidence.clock import database_now
from privacy.guardians.acting import guardians_of
from privacy.guardians.models.records import GuardianRecord
from privacy.jurisdictions.countries import age_of_consent
from privacy.policies.grounds import DeletionGround


class HasGuardian(Exception):
    """A guardian agreed for this child, or the erasure of the account has begun."""


def report_child(*, staff: User, user: User, reference: str = "") -> None:
    """Suspend an account at once, and erase it before all other due ones, within 24 hours. Raises `HasGuardian`."""
    subject = user.subject
    with transaction.atomic():
        if guardians_of(subject.pk):
            raise HasGuardian
        country = country_of_profile(subject.pk) or ""
        ground = DeletionGround.WITHOUT_CONSENT
        opened = cancel_at_once(subjects=[subject.pk], ground=ground, within=ERASE_FOUND_WITHIN, recipients_know=True)
        if not opened:
            raise HasGuardian
        record_act(staff, user, AccessRecord.Act.CANCELLED, AccessRecord.Reason.LAW, reference)
        GuardianRecord.append(
            GuardianRecord(
                child=uuid4(),
                subject=subject,
                act=GuardianRecord.Act.FOUND,
                country=country,
                age=age_of_consent(country) if country else 0,
                at=database_now(),
            )
        )
