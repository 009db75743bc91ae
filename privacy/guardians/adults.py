"""Whether an account of this portal is that of an adult, and in order: only such a one proves who a guardian is."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from privacy.evidence.clock import database_now
from privacy.guardians.ages import birthday, earliest_date
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.records import GuardianRecord
from privacy.operations.collecting import declared
from privacy.restriction.queries import is_restricted
from privacy.subjects.models import DataSubject

# A guardian is of full age, which the age of consent of a country is not.
FULL_AGE = 18


@dataclass(frozen=True)
class AdultCheck:
    """A function that says whether an account is in order, and that of somebody who answered the age question alone."""

    is_adult: Callable[[UUID], bool]


def is_adult(account: DataSubject) -> bool:
    """Whether the person of an account counts as an adult.

    An account for which a guardian acts, or acted until less than the full age, is a child's. One whose data is only
    stored, that is cancelled or is no registered person's proves nothing.
    """
    if account.erased_at or is_restricted(account.pk):
        return False
    if any(_is_young(guardianship) for guardianship in Guardianship.objects.filter(subject=account)):
        return False
    return all(each.is_adult(account.pk) for each in declared(AdultCheck))


def _is_young(guardianship: Guardianship) -> bool:
    """Whether the child of a guardianship, in force or ended, is below the full age still."""
    if guardianship.ended_at is None or guardianship.ended_as != Guardianship.End.OF_AGE:
        return True
    record = GuardianRecord.objects.filter(child=guardianship.child).order_by("position").first()
    if record is None:
        return True
    full = birthday(guardianship.reached_on, max(FULL_AGE - record.age, 0))
    return full > earliest_date(record.country, database_now())
