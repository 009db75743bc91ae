"""Reads the values of the operator's branding from the environment."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal.settings.environment import env
from privacy.branding.colours import HEX
from privacy.branding.images import Image, NoImage, read_image
from privacy.inventory.typed import BRAILLE_BLANK, is_ignorable

# An SMS with the longest name still has room for its code in one segment.
LONGEST_NAME = 32
# Characters with a meaning in a sender of e-mails, in the name of an authenticator app's entry, or in a page.
_NOT_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069:<>\"\\@]")
_STATIC = Path(__file__).resolve().parents[2] / "static"


def service_name(name: str) -> str:
    """Return a name of the service, empty where it is not set. Raises `ImproperlyConfigured`."""
    text = env.str(name, default="").strip()
    if len(text) > LONGEST_NAME or _NOT_IN_A_NAME.search(text) or any(map(_is_invisible, text)):
        raise ImproperlyConfigured(
            f'{name} must have at most {LONGEST_NAME} characters, without : < > " \\ @, line breaks and invisible '
            f"characters; it is {text!a}."
        )
    return text


def _is_invisible(character: str) -> bool:
    return is_ignorable(character) or character == BRAILLE_BLANK


def colour(name: str) -> str:
    """Return a colour such as `#0b5d4e`, empty where it is not set. Raises `ImproperlyConfigured`."""
    text = env.str(name, default="").strip().lower()
    if text and not HEX.fullmatch(text):
        raise ImproperlyConfigured(f"{name} must be a colour such as #0b5d4e; it is {text!r}.")
    return text


def image(name: str) -> Image | None:
    """Return the image of a file, or of a name below `static/`. Raises `ImproperlyConfigured`."""
    text = env.str(name, default="").strip()
    try:
        return read_image(_STATIC / text) if text else None
    except NoImage as error:
        raise ImproperlyConfigured(f"{name} must name a safe SVG or a PNG; of {text!r}, {error}.") from None


def link(name: str) -> str:
    """Return the address of a page, or `mailto:`, empty where it is not set. Raises `ImproperlyConfigured`."""
    text = env.str(name, default="").strip()
    try:
        parts = urlsplit(text)
        is_page = parts.scheme in ("https", "http") and bool(parts.hostname)
        is_right = is_page or (parts.scheme == "mailto" and "@" in parts.path)
    except ValueError:  # such as half an IPv6 address
        is_right = False
    if text and not is_right:
        raise ImproperlyConfigured(f"{name} must be an address such as https://www.example.org/help; it is {text!r}.")
    return text
