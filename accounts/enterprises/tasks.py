"""Tasks of enterprises."""

from celery import shared_task

from accounts.enterprises.queries import ended_invitations

BATCH = 1000


@shared_task
def delete_ended_invitations() -> int:
    """Delete invitations whose end was a week ago; return how many."""
    old = list(ended_invitations().values_list("pk", flat=True)[:BATCH])
    return ended_invitations().filter(pk__in=old).delete()[0]
