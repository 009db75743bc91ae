"""The project: joins `accounts` and `privacy`, which do not import it."""

from portal.runtime.celery_app import app as celery_app

__all__ = ("celery_app",)
