"""Which licence of a person is shown, which is in force, and which wait for a review, their end or a reminder."""

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts.licences.models import Licence
from accounts.licences.states import SETTLED, LicenceState
from accounts.profiles.queries import profile_of
from accounts.users.models import User
from privacy.inventory.declarations import Kind
from privacy.restriction.queries import restricted_subjects

SEE_LICENCES, REVIEW_LICENCES = "accounts.view_licence", "accounts.review_licence"
REMINDED_DAYS = (60, 30, 7)
# An alarm before a review is late, and after a sweep should have run.
SOON, LATE_AFTER = dt.timedelta(hours=12), dt.timedelta(minutes=15)


def is_enterprise(subject_id: UUID) -> bool:
    """Whether a person registered as an enterprise: others have no licence (clause 1.1.2 of the sample policy)."""
    profile = profile_of(subject_id)
    return profile is not None and profile.kind == Kind.ENTERPRISE


def licences_of(subject_id: UUID) -> QuerySet[Licence]:
    """Return a person's licences, newest first."""
    return Licence.objects.filter(subject_id=subject_id).order_by("-handed_in_at", "-pk")


def present_licence(subject_id: UUID) -> Licence | None:
    """Return the newest licence of a person that no other one replaced, or None."""
    return licences_of(subject_id).exclude(state=LicenceState.REPLACED).first()


def licence_in_force(subject_id: UUID) -> Licence | None:
    """Return a person's approved licence whose business period is not over, or None."""
    approved = licences_of(subject_id).filter(state=LicenceState.APPROVED)
    return approved.filter(Q(expires_at=None) | Q(expires_at__gt=Now())).first()


def same_file(subject_id: UUID, fingerprint: bytes) -> Licence | None:
    """Return the licence of a person that was handed in as this very file and needs no other review, or None."""
    return licences_of(subject_id).filter(fingerprint=fingerprint, state__in=SETTLED).first()


def may_be_used(subject_id: UUID) -> bool:
    """Whether staff may read a person's licence: the account is open, and its data not only stored."""
    return _usable_accounts().filter(subject_id=subject_id).exists()


def licences_to_review() -> QuerySet[Licence]:
    """Return what waits for a review, oldest first; not of accounts that are closed or only stored."""
    waiting = Licence.objects.filter(state=LicenceState.IN_REVIEW)
    return waiting.filter(subject_id__in=_usable_accounts().values("subject_id")).order_by("due_at")


def reviews_due_soon() -> QuerySet[Licence]:
    """Return what must be reviewed within `SOON`, or is late."""
    return licences_to_review().filter(due_at__lt=Now() + SOON)


def ended_licences() -> QuerySet[Licence]:
    """Return the approved licences whose business period is over, the earliest first."""
    return Licence.objects.filter(state=LicenceState.APPROVED, expires_at__lte=Now()).order_by("expires_at")


def unexpired_licences() -> QuerySet[Licence]:
    """Return the licences that should have expired some minutes ago."""
    return ended_licences().filter(expires_at__lt=Now() - LATE_AFTER)


def licences_to_remind() -> QuerySet[Licence]:
    """Return the approved licences whose next reminder is due: 60, 30 and 7 days before the end, each once.

    Not of accounts that are closed or only stored.
    """
    due = Q()
    for days in REMINDED_DAYS:
        near = Q(expires_at__lte=Now() + dt.timedelta(days=days))
        due |= near & (Q(reminded__isnull=True) | Q(reminded__gt=days))
    approved = Licence.objects.filter(due, state=LicenceState.APPROVED, expires_at__gt=Now())
    return approved.filter(subject_id__in=_usable_accounts().values("subject_id")).order_by("expires_at")


def _usable_accounts() -> QuerySet[User]:
    return User.objects.filter(is_active=True).exclude(subject_id__in=restricted_subjects())
