"""Jurisdictions as data: controller, law, servers' country and clocks."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from privacy.jurisdictions.texts import LocalisedText, localised

EVERYWHERE_ELSE = "*"
ALL_GUARDIAN_PROOFS = ("second_contact", "account", "document")


class UnknownJurisdiction(LookupError):
    """No jurisdiction with this code is declared; the message lists those that are."""


class NotStoredHere(Exception):
    """This deployment must not store data of the jurisdiction; `url` is the site that does, or empty."""

    def __init__(self, jurisdiction: "Jurisdiction") -> None:
        super().__init__(f"This deployment does not store data of jurisdiction {jurisdiction.code}.")
        self.jurisdiction = jurisdiction
        self.url: str = other_site(jurisdiction) or ""


@dataclass(frozen=True)
class Controller:
    """The company that is responsible for the data, the controller (definition D1.4 of the sample policy)."""

    name: LocalisedText
    address: LocalisedText
    email: str


@dataclass(frozen=True)
class Jurisdiction:
    """One variant of the policy: the controller, where data is stored, which law and periods apply.

    `time_zone` is the controller's (IANA), in which its days begin and end.
    """

    code: str
    name: LocalisedText
    countries: tuple[str, ...]
    storage_country: str
    time_zone: str
    law: LocalisedText
    recognises_legitimate_interests: bool
    verified_contact: str
    answer_within_days: int
    # How a guardian may prove who they are, besides the link of the message: of `privacy.guardians.models.Proof`.
    guardian_proofs: tuple[str, ...]
    regulator: LocalisedText
    controller: Controller

    @property
    def only_country(self) -> str | None:
        """The country of a jurisdiction that has one country only."""
        return self.countries[0] if len(self.countries) == 1 and self.countries[0] != EVERYWHERE_ELSE else None

    @property
    def is_stored_here(self) -> bool:
        """Whether this deployment may store data of this jurisdiction (clause 4 of the sample policy)."""
        return self.code in settings.JURISDICTIONS

    def accepts_contact(self, kind: str) -> bool:
        """Whether a verified contact point of this kind (`phone` or `email`) suffices before first use."""
        return self.verified_contact in ("either", kind)


@cache
def all_jurisdictions() -> dict[str, Jurisdiction]:
    """Return every declared jurisdiction by its code, in the file's order."""
    declared = tomllib.loads(Path(settings.JURISDICTIONS_FILE).read_text(encoding="utf-8"))
    return {code: _jurisdiction(code, data) for code, data in declared.items()}


def get_jurisdiction(code: str) -> Jurisdiction:
    """Return the jurisdiction of a code, or raise `UnknownJurisdiction`."""
    declared = all_jurisdictions()
    try:
        return declared[code]
    except KeyError:
        raise UnknownJurisdiction(f"There is no jurisdiction {code!r}; there are: {', '.join(declared)}.") from None


def jurisdiction_of_country(country: str) -> Jurisdiction:
    """Return the jurisdiction of an ISO 3166-1 alpha-2 country; the language of a page never decides."""
    declared = all_jurisdictions().values()
    listed = next((j for j in declared if country in j.countries), None)
    return listed or next(j for j in declared if EVERYWHERE_ELSE in j.countries)


def other_site(jurisdiction: Jurisdiction) -> str | None:
    """Return the address of the site that stores a jurisdiction's data; None if it is this one or not known."""
    return None if jurisdiction.is_stored_here else settings.JURISDICTION_URLS.get(jurisdiction.code) or None


def require_stored_here(jurisdiction: Jurisdiction) -> None:
    """Raise `NotStoredHere` if this deployment must not store the jurisdiction's data (4 of the sample policy)."""
    if not jurisdiction.is_stored_here:
        raise NotStoredHere(jurisdiction)


def _jurisdiction(code: str, data: dict[str, Any]) -> Jurisdiction:
    controller = data["controller"]
    return Jurisdiction(
        code=code,
        name=localised(data["name"]),
        countries=tuple(data["countries"]),
        storage_country=data["storage_country"],
        time_zone=data["time_zone"],
        law=localised(data["law"]),
        recognises_legitimate_interests=data.get("legitimate_interests", False),
        verified_contact=data["verified_contact"],
        answer_within_days=data["answer_within_days"],
        guardian_proofs=tuple(data.get("guardian_proofs", ALL_GUARDIAN_PROOFS)),
        regulator=localised(data["regulator"]),
        controller=Controller(localised(controller["name"]), localised(controller["address"]), controller["email"]),
    )
