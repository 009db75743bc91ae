"""Delivers a notice at once, and sweeps those that are due."""

from uuid import UUID

from celery import shared_task

from privacy.notices import orphaned_keys, services


@shared_task
def send_notice(notice_id: str) -> None:
    services.deliver_notice(UUID(notice_id))


@shared_task
def send_code(notice_id: str) -> None:
    """Deliver one notice that holds a code."""
    services.deliver_notice(UUID(notice_id))


@shared_task
def send_due_codes() -> None:
    """Deliver every code that is due."""
    services.send_due_codes()


@shared_task
def send_due_notices() -> None:
    """Deliver every other notice that is due."""
    services.send_due_messages()


@shared_task
def destroy_orphaned_keys() -> None:
    """Destroy the keys of messages that do not wait."""
    orphaned_keys.destroy_orphaned_keys()
