"""The colours of the stylesheet, by scheme and token, each as six digits."""

import re

from django.conf import settings

STYLE = (settings.BASE_DIR / "static" / "portal.css").read_text(encoding="utf-8")
_PAIRS = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\);", STYLE)


def long_form(colour: str) -> str:
    """Return a colour such as `#fff` as `#ffffff`."""
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])


SCHEMES = {
    "light": {name: long_form(light) for name, light, _dark in _PAIRS},
    "dark": {name: long_form(dark) for name, _light, dark in _PAIRS},
}
