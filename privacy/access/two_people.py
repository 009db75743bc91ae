"""The rule for acts that take two people: two accounts of one person do not count as two people."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from privacy.operations.collecting import declared


class NotTwoPeople(Exception):
    """The second account is the first, belongs to the same person, or the person behind one of them is unknown."""


@dataclass(frozen=True)
class PersonMarks:
    """A function that knows who is behind a staff account; `privacy` knows no account.

    It takes the account and the other account of the two. It returns marks of the person behind the first: two people
    never share a mark. No marks: the person is unknown. Marks that only the other account vouches for are left out.
    """

    marks_of: Callable[[UUID, UUID], Collection[str]]


def check_two_people(*, first: UUID, second: UUID) -> None:
    """Raise `NotTwoPeople` unless two staff accounts, by their numbers, belong to two known people."""
    if first == second:
        raise NotTwoPeople(_("A second person must confirm, because you requested this."))
    ones, others = _marks_of(first, second), _marks_of(second, first)
    if not others:
        raise NotTwoPeople(
            _("Verify a phone number or e-mail address of your account, or ask an administrator to vouch for you.")
        )
    if not ones:
        raise NotTwoPeople(
            _(
                "We do not know who proposed or requested this. Their account needs a verified contact "
                "point, or an administrator who vouches for them."
            )
        )
    if ones & others:
        raise NotTwoPeople(_("A second person must confirm: both accounts belong to one person."))


def obstacle_to_confirmation(first: UUID) -> str:
    """Return what the first person must do before a second one can confirm their request; empty if nothing."""
    if _marks_of(first, first):
        return ""
    return _(
        "No one can confirm this yet, because we do not know whose account yours is. Verify its phone "
        "number or e-mail address, or ask an administrator to vouch for you."
    )


def _marks_of(account: UUID, other: UUID) -> set[str]:
    return {mark for each in declared(PersonMarks) for mark in each.marks_of(account, other)}
