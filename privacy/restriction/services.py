"""Restrict the processing of a person's data (GDPR art. 18, PIPL art. 44; 6.5 of the sample policy), and lift it.

Signals tell the packages that use the data.
"""

from uuid import UUID

from django.db import transaction
from django.dispatch import Signal

from privacy.evidence.clock import database_now
from privacy.journal.models import JournalEntry
from privacy.journal.services import note_at_once
from privacy.restriction.models import ProcessingRestriction
from privacy.restriction.queries import is_restricted, restrictions_of
from privacy.subjects.locking import lock_subjects
from privacy.subjects.models import DataSubject

# Sent in the transaction of a person's first restriction, and of the end of their last one, with the restriction.
processing_restricted = Signal()
processing_resumed = Signal()


def restrict_processing(*, subject: DataSubject, why: str, number: UUID | None = None) -> ProcessingRestriction:
    """Only store a person's data from now on; return the restriction, also one that is in force for this reason.

    `why` is one of `ProcessingRestriction.Why`; `number` is that of a restriction which a restore lost.
    """
    with transaction.atomic():
        lock_subjects([subject.pk])
        if found := restrictions_of(subject.pk).filter(why=why).first():
            return found
        is_first = not is_restricted(subject.pk)
        made = ProcessingRestriction(subject=subject, why=why, since=database_now())
        made.pk = number or made.pk
        made.save(force_insert=True)
        if is_first:
            processing_restricted.send(ProcessingRestriction, restriction=made)
        if number is None:
            note_at_once(entries=[_entry(made, JournalEntry.Kind.RESTRICTED)])
    return made


def lift_restriction(*, subject: DataSubject, why: str, by: str, is_replayed: bool = False) -> bool:
    """Lift a person's restriction of one reason; return whether there was one. Others stay in force.

    `by` is one of `ProcessingRestriction.By`.
    """
    with transaction.atomic():
        lock_subjects([subject.pk])
        found = restrictions_of(subject.pk).filter(why=why).first()
        if found is None:
            return False
        found.lifted_at, found.lifted_by = database_now(), by
        found.save(update_fields=["lifted_at", "lifted_by"])
        if not is_restricted(subject.pk):
            processing_resumed.send(ProcessingRestriction, restriction=found)
        if not is_replayed:
            note_at_once(entries=[_entry(found, JournalEntry.Kind.UNRESTRICTED)])
    return True


def _entry(restriction: ProcessingRestriction, kind: str) -> JournalEntry:
    return JournalEntry(
        subject_id=restriction.subject_id,
        kind=kind,
        item=restriction.pk,
        at=restriction.lifted_at or restriction.since,
        details={
            "jurisdiction": restriction.subject.jurisdiction,
            "why": restriction.why,
            "by": restriction.lifted_by,
        },
    )
