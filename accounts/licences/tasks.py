"""Tasks of licences."""

from celery import shared_task

from accounts.licences import expiry, leftovers


@shared_task
def remove_left_files() -> int:
    return leftovers.remove_left_files()


@shared_task
def destroy_orphaned_licence_keys() -> int:
    return leftovers.destroy_orphaned_keys()


@shared_task
def expire_due_licences() -> int:
    return expiry.expire_due_licences()


@shared_task
def remind_due_licences() -> int:
    return expiry.remind_due_licences()
