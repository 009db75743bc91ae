"""Tasks of guardians."""

from uuid import UUID

from celery import shared_task

from privacy.guardians import accesses, orphaned_keys, proving, services


@shared_task
def remind_guardians() -> int:
    """Remind the guardians who did not answer after two and after five days; return how many."""
    return services.remind_guardians()


@shared_task
def send_second_messages() -> int:
    """Write to the second contact points of guardians a day after they agreed; return how many."""
    return proving.send_second_messages()


@shared_task
def delete_ended_children() -> int:
    """Delete the children whose guardian did not answer in seven days; return how many."""
    return services.delete_ended_children()


@shared_task
def destroy_orphaned_keys() -> int:
    """Destroy the keys of children who are gone; return how many."""
    return orphaned_keys.destroy_orphaned_keys()


@shared_task(name=accesses.SEND)
def send_access_links(access_id: str | None = None) -> int:
    """Write the links to their children that guardians asked for, or one of them; return how many."""
    return accesses.send_access_links(access=UUID(access_id) if access_id else None)


@shared_task
def delete_old_accesses() -> int:
    """Delete the links and sessions of guardians that are a day old; return how many."""
    return accesses.delete_old_accesses()
