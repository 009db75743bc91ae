"""Suspend people's data, and let it be used again once no reason is left.

An account is closed by one switch in each data store, and for several reasons: a cancellation, guardians who disagree,
a person of age who has not agreed. The end of one reason opens nothing that another one keeps closed.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from privacy.erasure.models import ErasureCase
from privacy.evidence.clock import database_now
from privacy.inventory.data_stores import all_data_stores
from privacy.operations.collecting import declared
from privacy.recipients.models import Delivery
from privacy.recipients.outbox import enqueue_resumed
from privacy.restriction.queries import is_restricted


@dataclass(frozen=True)
class SuspensionReason:
    """A reason for which accounts are suspended: `among` returns those of these persons for whom it is in force.

    It asks the rows that hold the reason, such as a cancellation, so that these and the reason never differ.
    """

    name: str
    among: Callable[[Collection[UUID]], Iterable[UUID]]


def suspended_among(subjects: Collection[UUID]) -> set[UUID]:
    """Return those of these persons whose data is suspended, for whatever reason."""
    return {subject for reason in declared(SuspensionReason) for subject in reason.among(subjects)}


def suspend(subjects: Collection[UUID]) -> None:
    """Stop every use of these persons' data here, in the transaction that locked them and stores the reason."""
    for store in all_data_stores():
        store.suspend(subjects)


def resume(subjects: Collection[UUID]) -> list[UUID]:
    """Let the data of these persons be used again here, unless a reason is left; return whose.

    Call it in the transaction that locked them (`lock_subjects`) and stored the end of a reason.
    """
    still = suspended_among(subjects)
    resumed = [subject for subject in subjects if subject not in still]
    for store in all_data_stores() if resumed else ():
        store.resume(resumed)
    return resumed


def resume_with_recipients(subjects: Collection[UUID]) -> list[UUID]:
    """Call `resume`, and tell the recipients who stopped for a cancellation that was undone meanwhile; return whose."""
    resumed = resume(subjects)
    told = Delivery.objects.filter(case=OuterRef("pk"))
    undone = ErasureCase.objects.filter(
        Exists(told.filter(event=Delivery.Event.SUSPENDED)),
        ~Exists(told.filter(event=Delivery.Event.RESUMED)),
        subject_id__in=resumed,
        state=ErasureCase.State.UNDONE,
    )
    for case in undone:
        notify_recipients(case)
    return resumed


def notify_recipients(case: ErasureCase) -> None:
    """Tell recipients to use the data of an undone cancellation again. While it is restricted, they hear that later."""
    if not is_restricted(case.subject_id):
        enqueue_resumed(subject=case.subject_id, case=case.pk, at=database_now())
