"""The closed list of purposes (2.2.1 to 2.2.8) and the optional ones that ask first (1.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class UnknownPurpose(LookupError):
    """A field, a consent or a disclosure named a purpose that the policy does not list."""


class Basis(StrEnum):
    """What makes using data for a purpose lawful (GDPR art. 6(1)(a) to (c) and (f); PIPL art. 13(1) to (3))."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    # No ground under PIPL: there, consent is.
    LEGITIMATE_INTERESTS = "legitimate_interests"


@dataclass(frozen=True)
class Purpose:
    """Why data is used: a key, the clause that states it, words for people; optional ones have a switch, off."""

    key: str
    clause: str
    label: str | Promise
    description: str | Promise
    basis: Basis = Basis.CONSENT
    optional: bool = False
    consequence: str | Promise = ""


PURPOSES = {
    purpose.key: purpose
    for purpose in (
        Purpose(
            "service",
            "2.2.1",
            _("Providing the service"),
            _("To open your account and provide what you ask for."),
            Basis.CONTRACT,
        ),
        Purpose(
            "security",
            "2.2.2",
            _("Keeping accounts safe"),
            _("To prove that it is you and to prevent misuse."),
            Basis.LEGITIMATE_INTERESTS,
        ),
        Purpose(
            "messages",
            "2.2.3",
            _("Writing to you"),
            _("To send codes, warnings and answers to your requests."),
            Basis.CONTRACT,
        ),
        Purpose(
            "verification", "2.2.4", _("Verifying enterprises"), _("To know whom we contract with."), Basis.CONTRACT
        ),
        Purpose("support", "2.2.5", _("Helping you"), _("To answer questions and solve problems."), Basis.CONTRACT),
        Purpose(
            "improvement",
            "2.2.6",
            _("Repairing the service"),
            _("To find and repair faults."),
            Basis.LEGITIMATE_INTERESTS,
        ),
        Purpose(
            "law",
            "2.2.7",
            _("Following the law"),
            _("To meet legal duties, such as keeping proof of consent."),
            Basis.LEGAL_OBLIGATION,
        ),
        Purpose("agreed", "2.2.8", _("What you agreed to separately"), _("Anything else only after you agree to it.")),
        Purpose(
            "user_experience",
            "1.4",
            _("User experience programme"),
            _("To learn, from how you use the portal, how to make it better."),
            optional=True,
            consequence=_("We stop using your data for this from that moment. Nothing else changes."),
        ),
        Purpose(
            "product_news",
            "1.4",
            _("Product news"),
            _("To write to you about new products and events."),
            optional=True,
            consequence=_("We stop writing to you about products. Codes and warnings still reach you."),
        ),
    )
}
OPTIONAL_KEYS = [(key, key) for key, purpose in PURPOSES.items() if purpose.optional]


def get_purpose(key: str) -> Purpose:
    """Return the purpose of a key, or raise `UnknownPurpose`."""
    try:
        return PURPOSES[key]
    except KeyError:
        raise UnknownPurpose(f"The policy lists no purpose {key!r}; it lists: {', '.join(PURPOSES)}.") from None


def labels_of_purposes(keys: Iterable[str]) -> list[str]:
    """Return what people call these purposes; one that is gone keeps its key."""
    return [str(PURPOSES[key].label) if key in PURPOSES else key for key in keys]


def optional_purposes() -> list[Purpose]:
    """Return the purposes that a person may switch on and off, in the order they are shown."""
    return [purpose for purpose in PURPOSES.values() if purpose.optional]
