"""Where a person can be reached. `privacy` holds no address; whoever does registers an address book."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from privacy.subjects.models import DataSubject


@dataclass(frozen=True, slots=True)
class Address:
    """A verified contact point: `sms` or `email`, and where to."""

    channel: str
    value: str


AddressBook = Callable[[Collection[UUID]], Iterable[tuple[UUID, Address]]]
_books: list[AddressBook] = []


def register_address_book(book: AddressBook) -> AddressBook:
    """Add a function that yields some subjects' verified addresses, by a few queries; usable as a decorator."""
    _books.append(book)
    return book


def addresses_of(subject: DataSubject) -> list[Address]:
    """Return every verified address of a person."""
    return addresses_of_all([subject.pk])[subject.pk]


def addresses_of_all(subjects: Collection[UUID]) -> dict[UUID, list[Address]]:
    """Return every verified address of each of these persons."""
    found: dict[UUID, list[Address]] = {subject: [] for subject in subjects}
    for book in _books:
        for subject, address in book(subjects):
            found[subject].append(address)
    return found
