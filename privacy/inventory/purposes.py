"""Why data is used: the closed list of necessary purposes, and the operator's optional ones."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from privacy.jurisdictions.texts import LocalisedText


class UnknownPurpose(LookupError):
    """A field, a consent or a disclosure named a purpose that the policy does not list."""


class Basis(StrEnum):
    """What makes using data for a purpose lawful (GDPR art. 6(1)(a) to (c) and (f); PIPL art. 13(1) to (3))."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    # No ground under PIPL: there, consent is.
    LEGITIMATE_INTERESTS = "legitimate_interests"


Label = str | Promise | LocalisedText


@dataclass(frozen=True)
class Purpose:
    """Why data is used: a key and words for people; optional ones have a switch, off.

    Which clause states it belongs to each version of the policy: see `privacy.policies.citations`. A retired one is
    asked of nobody any more.
    """

    key: str
    label: Label
    description: Label
    basis: Basis = Basis.CONSENT
    optional: bool = False
    consequence: Label = ""
    is_retired: bool = False

    @property
    def in_words(self) -> str:
        """What it is called and what it is, for the box that switches it on."""
        between = pgettext("between a name and what is said of it", ": ")
        return f"{self.label}{between}{self.description}"


NECESSARY = {
    purpose.key: purpose
    for purpose in (
        Purpose(
            "service",
            _("Providing the service"),
            _("To create your account and provide what you ask for."),
            Basis.CONTRACT,
        ),
        Purpose(
            "security",
            _("Keeping accounts safe"),
            _("To confirm that it's you and to prevent misuse."),
            Basis.LEGITIMATE_INTERESTS,
        ),
        Purpose(
            "messages",
            _("Writing to you"),
            _("To send codes, security warnings and answers to your requests."),
            Basis.CONTRACT,
        ),
        Purpose("verification", _("Verifying enterprises"), _("To know who we have a contract with."), Basis.CONTRACT),
        Purpose("support", _("Helping you"), _("To answer questions and solve problems."), Basis.CONTRACT),
        Purpose(
            "improvement",
            _("Repairing the service"),
            _("To find and repair faults."),
            Basis.LEGITIMATE_INTERESTS,
        ),
        Purpose(
            "law",
            _("Following the law"),
            _("To meet legal duties, such as keeping proof of consent."),
            Basis.LEGAL_OBLIGATION,
        ),
        Purpose("agreed", _("What you agreed to separately"), _("Any other use, only if you agree to it.")),
    )
}


def optional_purposes() -> list[Purpose]:
    """Return the purposes that a person may switch on, in the order they are shown."""
    return [purpose for purpose in _optional().values() if not purpose.is_retired]


def switches(on: Collection[str]) -> list[tuple[Purpose, bool]]:
    """Return the purposes that a person sees a switch of, and whether it is on: those asked, and each that is still on.

    A purpose that retired, or that the operator's file names no more, can be switched off as long as it is on.
    """
    asked = optional_purposes()
    others = sorted(set(on) - {purpose.key for purpose in asked})
    return [(purpose, purpose.key in on) for purpose in [*asked, *map(purpose_or_key, others)]]


def get_purpose(key: str) -> Purpose:
    """Return the purpose of a key, necessary or optional, or raise `UnknownPurpose`."""
    known = NECESSARY | _optional()
    try:
        return known[key]
    except KeyError:
        raise UnknownPurpose(f"There is no purpose {key!r}; there are: {', '.join(known)}.") from None


def purpose_or_key(key: str) -> Purpose:
    """Return the purpose of a key; one that the operator's file names no more is called by its key."""
    try:
        return get_purpose(key)
    except UnknownPurpose:
        return Purpose(key, label=key, description="", optional=True, is_retired=True)


def labels_of_purposes(keys: Iterable[str]) -> list[str]:
    """Return what people call these purposes; one that is gone keeps its key."""
    return [str(purpose_or_key(key).label) for key in keys]


def _optional() -> dict[str, Purpose]:
    declared: Sequence[Purpose] = settings.OPTIONAL_PURPOSES
    return {purpose.key: purpose for purpose in declared}
