"""Loads the settings for programs that are not ours, which would print a traceback where a setting is wrong."""

import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# What tells Gunicorn that starting the worker again is of no use.
CANNOT_START = 3


def settings_or_exit() -> None:
    """Load the settings, or end this process with one line that says which is wrong."""
    try:
        getattr(settings, "PORTAL_ENV")  # noqa: B009 - loads them
    except ImproperlyConfigured as reason:
        sys.stderr.write(f"The portal does not start. {reason}\n")
        sys.exit(CANNOT_START)
