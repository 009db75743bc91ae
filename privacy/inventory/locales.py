"""The reader's language, as Babel names it."""

from django.conf import settings
from django.utils.translation import get_language, to_locale


def present_locale() -> str:
    """Return the locale of the active language, such as `zh_Hans`."""
    return to_locale(get_language() or settings.LANGUAGE_CODE)
