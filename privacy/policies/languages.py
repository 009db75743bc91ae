"""Language codes of policies: written in many ways, stored as Django writes them."""

import re

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import get_supported_language_variant, gettext

from privacy.policies.refusals import PolicyRefused
from privacy.policies.refusals import gettext_noop as _

_ALIASES = {
    "zh": "zh-hans",
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
    "zh-hans-cn": "zh-hans",
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
    # ISO 639-2, which some documents and tools use.
    "eng": "en",
    "zho": "zh-hans",
    "chi": "zh-hans",
}
_SHAPE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


class UnknownLanguage(PolicyRefused):
    """Not the form of a language code; write `en`, `de` or `zh-hans`."""


class LanguageNotSupported(PolicyRefused):
    """The pages of the portal are in other languages: a text in this one may be a mistake."""


def normalise_language(code: str) -> str:
    """Return the code as Django writes it: `zh`, `zh-CN` and `zh_Hans` are `zh-hans`, `en-US` and `eng` are `en`.

    Languages of the portal lose their region; others keep it. Raises `UnknownLanguage`.
    """
    tidy = code.strip().lower().replace("_", "-")
    if not _SHAPE.fullmatch(tidy):
        raise UnknownLanguage(_("“%(code)s” is not a language code. Use one such as en, de or zh-hans."), code=code)
    known = _ALIASES.get(tidy, tidy)
    base = known.partition("-")[0]
    return base if base in dict(settings.LANGUAGES) else known


def require_supported_language(code: str) -> str:
    """Return `normalise_language` of a language of the portal's pages.

    Raises `UnknownLanguage`, and `LanguageNotSupported` for any other.
    """
    language, supported = normalise_language(code), [known for known, _name in settings.LANGUAGES]
    if language not in supported:
        message = _("The portal's pages are in %(supported)s. “%(code)s” is not one of these languages.")
        raise LanguageNotSupported(message, supported=", ".join(supported), code=code)
    return language


def language_to_write_in(code: str) -> str:
    """Return the language of messages to people who read a text in this language.

    If the portal does not have it: its nearest variant (`zh-hans` for `zh-hant`), else the default.
    """
    try:
        return get_supported_language_variant(code)
    except LookupError:
        return settings.LANGUAGE_CODE


def language_name(code: str) -> str:
    """Return a language's name in the reader's language, or its code where Django does not know it."""
    known = LANG_INFO.get(code) or LANG_INFO.get(code.partition("-")[0], {})
    return gettext(known["name"]) if "name" in known else code
