"""Looks hourly for what comes near its deadline."""

from celery import shared_task

from portal import alarms


@shared_task
def raise_alarms() -> int:
    """Say what needs somebody; return how much does."""
    return len(alarms.raise_alarms())
