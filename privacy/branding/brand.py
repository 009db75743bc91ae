"""The name and the colours of the service, as the operator set them."""

from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language, gettext

from privacy.branding.colours import DARK, LIGHT, Scheme, accent_for_dark, branded


def service_name() -> str:
    """Return the name of the service in the active language."""
    return own_name() or gettext("Privacy portal")


def own_name() -> str:
    """Return the name that the operator gave the service, in the active language; empty where there is none."""
    names = settings.SERVICE_NAMES
    return str(names.get(get_language() or "", names.get(settings.LANGUAGE_CODE, "")))


def schemes() -> tuple[Scheme, Scheme]:
    """Return the light and the dark scheme with the operator's accents.

    Without `BRAND_ACCENT_DARK` that of the dark scheme is the nearest tone of `BRAND_ACCENT` that can be read.
    """
    return _schemes(settings.BRAND_ACCENT, settings.BRAND_ACCENT_DARK)


@lru_cache(maxsize=8)
def _schemes(light: str, dark: str) -> tuple[Scheme, Scheme]:
    if light and not dark:
        dark = accent_for_dark(light)
    return branded(LIGHT, light) if light else LIGHT, branded(DARK, dark) if dark else DARK
