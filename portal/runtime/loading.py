"""Loads the settings for programs that are not ours, which would print a traceback where a setting is wrong."""

import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def settings_or_exit() -> None:
    """Load the settings, or end this process with one line that says which is wrong."""
    try:
        getattr(settings, "PORTAL_ENV")  # noqa: B009 - loads them
    except ImproperlyConfigured as reason:
        sys.exit(f"The portal does not start. {reason}")
