"""Tasks of requests."""

from celery import shared_task

from privacy.rights.answering.following import follow_messages
from privacy.rights.carrying_out.due import carry_out_due
from privacy.rights.proof.discarding import destroy_old_documents
from privacy.rights.states import closing


@shared_task
def carry_out_items() -> int:
    """Carry out the items that need no one; return how many."""
    return carry_out_due()


@shared_task
def follow_request_messages() -> int:
    """Note which messages about answers and extensions were sent or given up; return how many."""
    return follow_messages()


@shared_task
def close_unproven() -> int:
    """Close the requests that are due and that no one proved; return how many."""
    return closing.close_unproven()


@shared_task
def destroy_orphaned_keys() -> None:
    """Destroy the keys of requests that do not exist any more."""
    closing.destroy_orphaned_keys()


@shared_task
def destroy_pictures() -> int:
    """Destroy the pictures of documents that are too old; return how many."""
    return destroy_old_documents()
