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
    """A field, a consent or a disclosure names a purpose that the policy does not list."""


class Basis(StrEnum):
    """The legal basis of a purpose (GDPR art. 6(1)(a) to (c) and (f); PIPL art. 13(1) to (3))."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    # No legal basis under PIPL: consent is needed there.
    LEGITIMATE_INTERESTS = "legitimate_interests"


BASES = {
    Basis.CONSENT: _("Your consent"),
    Basis.CONTRACT: _("The contract with you"),
    Basis.LEGAL_OBLIGATION: _("A legal duty"),
    Basis.LEGITIMATE_INTERESTS: _("Our legitimate interests"),
}
Label = str | Promise | LocalisedText


@dataclass(frozen=True)
class Purpose:
    """A purpose of using data: a key and its texts. Optional ones have a switch, which is off by default.

    Which clause states it belongs to each version of the policy: see `privacy.policies.citations`. People are not asked
    for a retired one any more.
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
        """Its label and description, for the box that switches it on."""
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
    """Return the purposes that a person may switch on, in display order."""
    return [purpose for purpose in _optional().values() if not purpose.is_retired]


def switches(on: Collection[str]) -> list[tuple[Purpose, bool]]:
    """Return the purposes with a switch, and whether it is on: those that people are asked for, and any still on.

    A purpose that was retired, or that the operator's file no longer names, can be switched off while it is on.
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
    """Return the purpose of a key; one that the operator's file no longer names is labelled with its key."""
    try:
        return get_purpose(key)
    except UnknownPurpose:
        return Purpose(key, label=key, description="", optional=True, is_retired=True)


def labels_of_purposes(keys: Iterable[str]) -> list[str]:
    """Return the labels of these purposes; one that no longer exists keeps its key."""
    return [str(purpose_or_key(key).label) for key in keys]


def _optional() -> dict[str, Purpose]:
    declared: Sequence[Purpose] = settings.OPTIONAL_PURPOSES
    return {purpose.key: purpose for purpose in declared}
