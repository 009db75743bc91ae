"""The project: joins `accounts` and `privacy`; nobody imports it."""

from portal.runtime.celery_app import app as celery_app

__all__ = ("celery_app",)
