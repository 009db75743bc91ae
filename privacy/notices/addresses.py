"""Where a person can be reached. `privacy` holds no addresses; a higher package declares an address book."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from privacy.operations.collecting import declared
from privacy.subjects.models import DataSubject


@dataclass(frozen=True, slots=True)
class ContactAddress:
    """A verified contact point: `sms` or `email`, and its address."""

    channel: str
    value: str


@dataclass(frozen=True)
class AddressBook:
    """A function that yields some subjects' verified addresses, by a few queries."""

    addresses_of: Callable[[Collection[UUID]], Iterable[tuple[UUID, ContactAddress]]]


def addresses_of(subject: DataSubject) -> list[ContactAddress]:
    """Return every verified address of a person."""
    return addresses_of_all([subject.pk])[subject.pk]


def addresses_of_all(subjects: Collection[UUID]) -> dict[UUID, list[ContactAddress]]:
    """Return every verified address of each of these persons."""
    found: dict[UUID, list[ContactAddress]] = {subject: [] for subject in subjects}
    for book in declared(AddressBook):
        for subject, address in book.addresses_of(subjects):
            found[subject].append(address)
    return found
