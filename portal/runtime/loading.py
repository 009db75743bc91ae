"""Loads the settings for third-party programs, which would print a traceback for a wrong setting."""

import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def settings_or_exit() -> None:
    """Load the settings, or end this process with one line that names the wrong setting."""
    try:
        getattr(settings, "PORTAL_ENV")  # noqa: B009 - loads them
    except ImproperlyConfigured as reason:
        sys.exit(f"The portal does not start. {reason}")
