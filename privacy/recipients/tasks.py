"""Sends a delivery at once, and sweeps those that are due."""

from uuid import UUID

from celery import shared_task

from privacy.recipients import services


@shared_task
def send_delivery(delivery_id: str) -> None:
    services.send_to_recipient(UUID(delivery_id))


@shared_task
def send_due_deliveries() -> None:
    """Send every delivery that is due."""
    services.send_due_deliveries()
