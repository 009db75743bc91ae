"""Which people are members of staff: `privacy` itself knows no accounts."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from privacy.operations.collecting import declared


@dataclass(frozen=True)
class StaffAccounts:
    """A function that returns the number of the staff account of a person (a `DataSubject`); None without one."""

    account_of: Callable[[UUID], UUID | None]


def staff_account_of(subject_id: UUID) -> UUID | None:
    """Return the number of the staff account of a person; None for everyone else."""
    return next((found for each in declared(StaffAccounts) if (found := each.account_of(subject_id))), None)
