"""The names of staff, for other staff: `privacy` itself knows only the numbers of their accounts."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from privacy.operations.collecting import declared

Names = Mapping[UUID, str]
# The attribute of a row that holds the names.
NAMES = "staff_names"
SHOWN_OF_A_NUMBER = 8


@dataclass(frozen=True)
class StaffNames:
    """A function that returns the names of those of these staff accounts that it knows."""

    names_of: Callable[[Collection[UUID]], Names]


@dataclass(frozen=True)
class StaffWith:
    """A function that returns the names of the active staff accounts that have a permission."""

    names_with: Callable[[str], Names]


def staff_with(permission: str) -> Names:
    """Return the name of each active member of staff who has a permission, such as `privacy.work_request`."""
    return {number: name for each in declared(StaffWith) for number, name in each.names_with(permission).items()}


def names_of_staff(numbers: Iterable[UUID | None]) -> Names:
    """Return a name for each of these staff accounts; `_unknown` if the account is gone."""
    asked = {number for number in numbers if number}
    found = (
        {number: name for each in declared(StaffNames) for number, name in each.names_of(asked).items()}
        if asked
        else {}
    )
    return {number: found.get(number) or _unknown(number) for number in asked}


def named(rows: Iterable[Any], *columns: str) -> list[Any]:
    """Return the rows, each with the names of the staff whose numbers are in these columns, by one look-up."""
    listed = list(rows)
    names = names_of_staff(getattr(row, column) for row in listed for column in columns)
    for row in listed:
        setattr(row, NAMES, {column: names.get(getattr(row, column), "") for column in columns})
    return listed


def _unknown(number: UUID) -> str:
    # Enough of the number to tell two of them apart.
    return _("former member of staff (%(number)s)") % {"number": str(number)[:SHOWN_OF_A_NUMBER]}
