"""Registrations that were never verified go after 24 hours; till then they block nobody."""

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.users.models import User
from privacy.encryption.keys import destroy_keys
from privacy.holds.queries import holds_in_force
from privacy.register.holders import all_holders
from privacy.subjects.models import DataSubject

BATCH = 500


def remove_unverified() -> int:
    """Erase every registration that is older than `UNVERIFIED_FOR` and not verified; return how many went."""
    removed = 0
    while batch := _remove_batch():
        removed += batch
    return removed


def _remove_batch() -> int:
    stale = User.objects.filter(verified_at__isnull=True, created_at__lt=Now() - settings.UNVERIFIED_FOR)
    stale = stale.exclude(subject_id__in=list(holds_in_force().values_list("subject_id", flat=True)))
    with transaction.atomic():
        subjects = list(stale.select_for_update(of=("self",)).values_list("subject_id", flat=True)[:BATCH])
        for holder in all_holders():
            holder.erase(subjects)
        DataSubject.objects.filter(pk__in=subjects).update(erased_at=Now())
    destroy_keys(subjects)
    return len(subjects)
