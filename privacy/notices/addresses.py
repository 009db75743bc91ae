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


def masked_address(value: str) -> str:
    """Return an address or a number in the masked form that is shown before its owner is verified."""
    local, at, domain = value.partition("@")
    if not at:
        return f"{value[:3]}{'•' * (len(value) - 5)}{value[-2:]}"
    return f"{local[:1]}{'•' * max(len(local) - 1, 3)}@{domain}"


@dataclass(frozen=True)
class AddressBook:
    """A function that yields some subjects' verified addresses, by a few queries.

    Messages go to all of them. Only those that are the persons' own (`is_own`) are shown to them, or chosen by them.
    """

    addresses_of: Callable[[Collection[UUID]], Iterable[tuple[UUID, ContactAddress]]]
    is_own: bool = True


def addresses_of(subject: DataSubject) -> list[ContactAddress]:
    """Return every verified address to which the messages of a person go: those of a child's guardians, too."""
    return addresses_of_all([subject.pk])[subject.pk]


def own_addresses_of(subject: DataSubject) -> list[ContactAddress]:
    """Return the verified addresses that are a person's own: what they may see and choose."""
    return _listed([subject.pk], [book for book in declared(AddressBook) if book.is_own])[subject.pk]


def addresses_of_all(subjects: Collection[UUID]) -> dict[UUID, list[ContactAddress]]:
    """Return every verified address to which the messages of each of these persons go."""
    return _listed(subjects, declared(AddressBook))


def _listed(subjects: Collection[UUID], books: Iterable[AddressBook]) -> dict[UUID, list[ContactAddress]]:
    found: dict[UUID, list[ContactAddress]] = {subject: [] for subject in subjects}
    for book in books:
        for subject, address in book.addresses_of(subjects):
            found[subject].append(address)
    return found


@dataclass(frozen=True)
class AddressRules:
    """How a typed address is read, and whose verified contact point it is; declared by the package of the addresses.

    `read` takes a channel (`sms` or `email`), the typed text and a country, and returns the address in its stored
    form; it raises Django's `ValidationError`. `owner_of` returns None where the address is no one's.
    """

    read: Callable[[str, str, str], str]
    owner_of: Callable[[str], DataSubject | None]


def read_address(*, channel: str, text: str, country: str) -> str:
    """Return a typed address in its stored form. Raises `ValidationError`, whose message is for the person."""
    [rules] = declared(AddressRules)
    return rules.read(channel, text, country)


def owner_of(address: str) -> DataSubject | None:
    """Return the person whose verified contact point this address is, or None."""
    [rules] = declared(AddressRules)
    return rules.owner_of(address)
