"""Where a person can be reached. `privacy` holds no address; whoever does registers an address book."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from privacy.subjects.models import DataSubject


@dataclass(frozen=True, slots=True)
class Address:
    """A verified contact point: `sms` or `email`, and where to."""

    channel: str
    value: str


AddressBook = Callable[[DataSubject], Iterable[Address]]
_books: list[AddressBook] = []


def register_address_book(book: AddressBook) -> AddressBook:
    """Add a function that returns the verified addresses of a subject; usable as a decorator."""
    _books.append(book)
    return book


def addresses_of(subject: DataSubject) -> list[Address]:
    """Return every verified address of a person."""
    return [address for book in _books for address in book(subject)]
