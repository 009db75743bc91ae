"""Makes a copy at once, and sweeps those that are due or expired."""

from uuid import UUID

from celery import shared_task

from privacy.export import services


@shared_task(name=services.MAKE)
def make_copy(copy_id: str) -> None:
    services.make_copy(UUID(copy_id))


@shared_task
def sweep_copies() -> None:
    """Make every copy that is due, and delete those that have expired."""
    services.make_due_copies()
    services.forget_expired_copies()
