"""Language codes of policies: many ways to write one, stored as Django writes it."""

import re

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext

from privacy.policies.refusals import PolicyRefused

_ALIASES = {
    "zh": "zh-hans",
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
    "zh-hans-cn": "zh-hans",
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
}
_SHAPE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


class UnknownLanguage(PolicyRefused):
    """Not the shape of a language code; write `en`, `de` or `zh-hans`."""


def normalise_language(code: str) -> str:
    """Return the code as Django writes it: `zh`, `zh-CN` and `zh_Hans` are `zh-hans`. Raises `UnknownLanguage`."""
    tidy = code.strip().lower().replace("_", "-")
    if not _SHAPE.fullmatch(tidy):
        raise UnknownLanguage(f"{code!r} is no language code. Write one such as en, de or zh-hans.")
    return _ALIASES.get(tidy, tidy)


def language_name(code: str) -> str:
    """Return a language's name in the reader's language, or its code where Django does not know it."""
    known = LANG_INFO.get(code) or LANG_INFO.get(code.partition("-")[0], {})
    return gettext(known["name"]) if "name" in known else code
