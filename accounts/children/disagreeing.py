"""Two guardians disagree: one withdrew, another still agrees. The child's data is only stored until staff decide."""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.staff.services import record_act
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.erasure.queries import subjects_with_an_open_case
from privacy.erasure.services import cancel_at_once
from privacy.evidence.clock import database_now
from privacy.guardians.acting import note_act
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.records import GuardianRecord
from privacy.guardians.own_addresses import guardianships_of_guardian
from privacy.policies.grounds import DeletionGround
from privacy.restriction.models import ProcessingRestriction
from privacy.restriction.services import lift_restriction
from privacy.subjects.locking import lock_subjects
from privacy.subjects.models import DataSubject


class OwnChild(Exception):
    """A member of staff would decide about a child of whom they are a guardian."""


def disagreements() -> QuerySet[Guardianship]:
    """Return the guardianships that were withdrawn while another guardian still agrees, oldest first."""
    others = Guardianship.objects.filter(subject_id=OuterRef("subject_id"), ended_at__isnull=True)
    undecided = Guardianship.objects.filter(
        Exists(others), ended_as=Guardianship.End.WITHDREW, confirmed_at__isnull=True, subject__erased_at__isnull=True
    )
    return undecided.exclude(subject_id__in=subjects_with_an_open_case()).order_by("ended_at")


def settle(*, guardianship: Guardianship, keeps: bool, staff: User) -> bool:
    """Decide a disagreement: the data is used again, or erased.

    Both are evidence, with who decided. Return False where it is decided already. Raises `OwnChild` for a member of
    staff who is a guardian of the child.
    """
    if guardianships_of_guardian(staff.subject).filter(subject_id=guardianship.subject_id).exists():
        raise OwnChild
    with transaction.atomic():
        lock_subjects([guardianship.subject_id])
        if not disagreements().filter(pk=guardianship.pk).exists():
            return False
        child = User.objects.get(subject_id=guardianship.subject_id)
        record_act(staff, child, AccessRecord.Act.SETTLED, AccessRecord.Reason.LAW, "")
        note_act(guardianship, GuardianRecord.Act.KEPT if keeps else GuardianRecord.Act.ERASED)
        if not keeps:
            ground = DeletionGround.WITHOUT_CONSENT
            cancel_at_once(subjects=[guardianship.subject_id], ground=ground, recipients_know=True)
            return True
        settled = disagreements().filter(subject_id=guardianship.subject_id).values_list("pk", flat=True)
        Guardianship.objects.filter(pk__in=list(settled)).update(confirmed_at=database_now())
        end_dispute(subject=guardianship.subject, by=ProcessingRestriction.By.STAFF)
    return True


def end_dispute(*, subject: DataSubject, by: str) -> None:
    """Let the data be used again, of which the guardians disagreed; `by` is one of `ProcessingRestriction.By`."""
    lift_restriction(subject=subject, why=ProcessingRestriction.Why.DISPUTE, by=by)
