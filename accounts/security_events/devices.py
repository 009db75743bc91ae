"""The kind of device of a request: a family of browsers and systems, never the browser's own text."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_noop as _

# The first match decides: most browsers name other browsers, too.
_BROWSERS = (
    ("MicroMessenger", _("WeChat")),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", _("Samsung Internet")),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
    # The defaults of the networking libraries of apps.
    ("iPadOS", "iPad"),
    ("iOS", "iPhone"),
    ("CFNetwork", _("Apple device")),
    ("okhttp", "Android"),
)
UNKNOWN = _("Unknown device")
# Acts of staff come from no device of the person.
BY_STAFF = _("Our staff")
ON = " on "


def device_of(request: HttpRequest | None) -> str:
    """Return a short family such as "Chrome on Android", made of fixed words only."""
    text = request.headers.get("User-Agent", "") if request else ""
    browser, system = _first(text, _BROWSERS), _first(text, _SYSTEMS)
    return ON.join(word for word in (browser, system) if word) or UNKNOWN


def device_words(family: str) -> str:
    """Return a family, such as "Chrome on Android", in the reader's language."""
    browser, _on, system = family.partition(ON)
    if not system:
        return gettext(family) if family else ""
    names = {"browser": gettext(browser), "system": gettext(system)}
    return pgettext("a browser and the system under it", "%(browser)s on %(system)s") % names


def _first(text: str, families: Sequence[tuple[str, str]]) -> str:
    return next((name for mark, name in families if mark in text), "")
