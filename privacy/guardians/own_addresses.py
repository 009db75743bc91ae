"""A child and their guardian are two people: no address, and no account, is both of theirs.

Else a child could name their own phone as the second contact point of the guardian, and agree for themselves.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from privacy.encryption.keys import open_keys
from privacy.guardians.acting import guardian_addresses, guardians_of
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.pending import PendingChild
from privacy.guardians.same_address import is_same_address, mark_of, mark_of_account
from privacy.notices.addresses import AddressBook, addresses_of
from privacy.operations.collecting import declared
from privacy.subjects.models import DataSubject

OF_THE_CHILD = _("This belongs to the child, or to another guardian. Enter one of your own.")


class ProofRefused(Exception):
    """This proof does not count; the message says why, to the guardian."""


class OfTheChild(ProofRefused):
    """The address or the account is the child's own."""


def marks_of_asked(child: PendingChild) -> frozenset[bytes]:
    """Return the marks (`mark_of`) of the addresses of the guardian who was asked."""
    return frozenset(mark_of(str(address)) for address in (child.address, child.second_address) if address)


def marks_of_guardians(guardianships: Iterable[Guardianship]) -> frozenset[bytes]:
    """Return the marks (`mark_of`) of every address by which these guardians are known."""
    found = list(guardianships)
    open_keys({guardianship.subject_id for guardianship in found})
    first = {mark_of(str(guardianship.address)) for guardianship in found}
    return frozenset(first | {bytes(one.second_mark) for one in found if one.second_mark})


def is_of_guardian(*, subject_id: UUID, address: str) -> bool:
    """Whether an address in its stored form is that of a guardian of this person, or an alias of it."""
    guardians = guardians_of(subject_id)
    return bool(guardians) and mark_of(address) in marks_of_guardians(guardians)


def guardianships_of_guardian(subject: DataSubject) -> QuerySet[Guardianship]:
    """Return the guardianships in force that a person has over others: by their account, or by an address of theirs."""
    books = [book for book in declared(AddressBook) if book.addresses_of is not guardian_addresses]
    own = [address.value for book in books for _subject, address in book.addresses_of([subject.pk])]
    found = Guardianship.objects.filter(Q(account_mark=mark_of_account(subject.pk)) | Q(address_index__in=own))
    return found.filter(ended_at__isnull=True).exclude(subject=subject).order_by("since")


def refuse_child(child: PendingChild, *, second: str = "", account: UUID | None = None) -> None:
    """Raise `OfTheChild` where a second guardian is the child, or another guardian: by an address or an account.

    Does nothing for a child who is not registered yet: registration refuses the addresses of their guardian.
    """
    found = Guardianship.objects.filter(pk=str(child.joins)).select_related("subject") if child.joins else ()
    for joined in found:
        taken = [address.value for address in addresses_of(joined.subject)]
        named = [str(address) for address in (child.address, second or child.second_address) if address]
        if account == joined.subject_id or any(is_same_address(one, other) for one in taken for other in named):
            raise OfTheChild(OF_THE_CHILD)
