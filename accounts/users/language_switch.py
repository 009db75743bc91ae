"""Switching the language of a page: see `privacy.preferences.language_switch`."""

from privacy.preferences.language_switch import (
    CHOICE,
    is_switching_language,
    switches_language,
    use_language,
    with_language_cookie,
)

__all__ = ["CHOICE", "is_switching_language", "switches_language", "use_language", "with_language_cookie"]
