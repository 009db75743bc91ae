"""Words that an attacker of this portal tries first: its own name, its operator's, its hosts'."""

import re
import unicodedata
from collections.abc import Iterator

from django.conf import settings

from privacy.jurisdictions.jurisdictions import all_jurisdictions

SERVICE_WORDS = ("portal", "privacy", "隐私", "门户")
# Shorter words occur in too many passwords by chance; two Chinese characters are a word.
SHORTEST, SHORTEST_IDEOGRAPHIC = 4, 2
# Digits and signs that people write for a letter. `i` and `l` are one letter: `1` and `!` stand for both.
_LETTERS = str.maketrans("013457@$!|i", "oleastaslll")


def without_context_words(password: str) -> str:
    """Return a password without the context words, which add nothing to its strength (NIST SP 800-63B-4, 3.1.1.2).

    A word is found in any case, and with digits and signs for its letters.
    """
    text = folded(password)
    looked_at, left = text.translate(_LETTERS), list(text)
    for word in context_words():
        for found in re.finditer(re.escape(folded(word).translate(_LETTERS)), looked_at):
            left[found.start() : found.end()] = " " * len(found[0])
    return "".join("".join(left).split())


def context_words() -> set[str]:
    """Return the words of the service, the controllers, the hosts and `PASSWORD_CONTEXT_WORDS`."""
    words = {word for text in _named_texts() for word in re.findall(r"[^\W\d_]+", folded(text)) if _is_long(word)}
    return words | set(SERVICE_WORDS) | {folded(word) for word in settings.PASSWORD_CONTEXT_WORDS if word}


def _named_texts() -> Iterator[str]:
    for jurisdiction in all_jurisdictions().values():
        yield from (text for _language, text in jurisdiction.controller.name.by_language)
        yield _without_ending(jurisdiction.controller.email.rpartition("@")[2])
    for host in (*settings.ALLOWED_HOSTS, *settings.JURISDICTION_URLS.values()):
        yield _without_ending(host.rpartition("//")[2].partition("/")[0].partition(":")[0])


def _without_ending(host: str) -> str:
    """Return a host name without its last label."""
    return host.rpartition(".")[0] or host


def _is_long(word: str) -> bool:
    return len(word) >= (SHORTEST if word.isascii() else SHORTEST_IDEOGRAPHIC)


def folded(text: str) -> str:
    """Return a text in the form in which passwords are compared, without case and width."""
    return unicodedata.normalize("NFKC", text).casefold()
