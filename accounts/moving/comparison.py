"""What a move changes, side by side: who is responsible, where data is stored, which law and periods apply."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from privacy.consent.receipts import lawful_basis
from privacy.inventory.authorities import authority_for
from privacy.inventory.periods import period_in_words
from privacy.inventory.purposes import BASES, NECESSARY, Basis, labels_of_purposes
from privacy.inventory.retention_classes import in_a_row
from privacy.inventory.third_parties import third_parties
from privacy.inventory.value_labels import value_label
from privacy.jurisdictions.countries import get_country
from privacy.jurisdictions.jurisdictions import Jurisdiction, jurisdiction_of_country


@dataclass(frozen=True)
class Side:
    """A country, with its jurisdiction, and the optional purposes that are on there."""

    country: str
    purposes: tuple[str, ...] = ()

    @property
    def jurisdiction(self) -> Jurisdiction:
        return jurisdiction_of_country(self.country)


@dataclass(frozen=True)
class Difference:
    """One fact in words, before and after the move."""

    key: str
    label: str
    before: str
    after: str

    @property
    def changes(self) -> bool:
        """Whether the two differ."""
        return self.before != self.after


def comparison(before: Side, after: Side) -> list[Difference]:
    """Return each fact before and after a move, in the reader's language; what stays the same is among them."""
    return [Difference(key, label, say(before), say(after)) for key, label, say in _facts()]


def _facts() -> Iterator[tuple[str, str, Callable[[Side], str]]]:
    yield "country", _("Country or region"), lambda side: value_label("country", side.country)
    yield "controller", _("Who is responsible"), _controller
    yield "law", _("Law"), lambda side: str(side.jurisdiction.law)
    yield "storage", _("Where we store it"), lambda side: value_label("country", side.jurisdiction.storage_country)
    yield "answer", _("How soon we answer a request"), _answer
    yield "regulator", _("Where to complain"), lambda side: authority_for(side.country, side.jurisdiction).name
    yield "age", _("Age from which you agree alone"), lambda side: str(get_country(side.country).age)
    yield "bases", _("Legal bases other than your consent"), _without_asking
    yield "purposes", _("Optional uses that are on"), _optional
    yield "recipients", _("Who else holds it"), lambda _side: _recipients()


def _controller(side: Side) -> str:
    controller = side.jurisdiction.controller
    return f"{controller.name}, {controller.address}"


def _answer(side: Side) -> str:
    return period_in_words(dt.timedelta(days=get_country(side.country).answer_days))


def _without_asking(side: Side) -> str:
    """Return the legal bases of the necessary purposes, but for consent."""
    found = dict.fromkeys(lawful_basis(purpose, side.jurisdiction) for purpose in NECESSARY.values())
    return " · ".join(str(BASES[basis]) for basis in found if basis is not Basis.CONSENT)


def _optional(side: Side) -> str:
    return in_a_row(labels_of_purposes(side.purposes)) if side.purposes else _("None")


def _recipients() -> str:
    return in_a_row(party.name for party in third_parties()) or _("No other organisation is registered as holding it.")
