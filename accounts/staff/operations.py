"""Operations of staff: permissions on people, and the parts of their first page."""

import datetime as dt
from typing import Any
from uuid import UUID

from accounts.staff import tasks
from accounts.staff.identities import marks_of_staff, usernames_of_staff
from accounts.staff.models import SignInReset
from accounts.staff.people import numbers_to_compare
from accounts.staff.registration_chart import CHART_WIDTH, registrations_by_day
from accounts.staff.roles import (
    CANCEL,
    CONFIRM_RESET,
    CORRECT,
    COUNTS,
    END_SESSIONS,
    FIND,
    OPEN,
    PROPOSE_RESET,
)
from accounts.staff.sign_in_resets import open_resets
from accounts.staff.staff_accounts import open_proposals
from accounts.users.models import User
from privacy.access.two_people import PersonMarks
from privacy.evidence.staff_names import StaffNames
from privacy.operations.roles import POLICY_OPERATOR, PRIVACY_OFFICER, REVIEWER, SUPPORT, Permissions
from privacy.operations.staff_pages import FirstPagePart
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import MOST_LINES

SUPPORTS = (FIND, OPEN, CORRECT, END_SESSIONS, PROPOSE_RESET)


def _proposals(user: Any) -> dict[str, Any] | None:
    proposals = open_proposals() if user.is_superuser else []
    return {"count": len(proposals), "oldest": proposals[0].proposed_at} if proposals else None


def _numbers(_user: Any) -> dict[str, Any] | None:
    numbers = numbers_to_compare(MOST_LINES)
    return {"numbers": numbers} if numbers else None


def _resets(_user: Any) -> dict[str, Any] | None:
    resets = [(reset, _page_of(reset)) for reset in open_resets()[:MOST_LINES]]
    return {"resets": resets} if resets else None


def _page_of(reset: SignInReset) -> UUID | None:
    return User.objects.filter(subject_id=reset.subject_id).values_list("pk", flat=True).first()


def _registrations(_user: Any) -> dict[str, Any]:
    return {"registrations": registrations_by_day(), "chart_width": CHART_WIDTH}


OPERATIONS = [
    PersonMarks(marks_of_staff),
    StaffNames(usernames_of_staff),
    Permissions(
        {
            PRIVACY_OFFICER: (*SUPPORTS, CANCEL, CONFIRM_RESET, COUNTS),
            SUPPORT: SUPPORTS,
            REVIEWER: (FIND,),
            POLICY_OPERATOR: (COUNTS,),
        }
    ),
    Sweep("old resets of a sign-in", tasks.void_old_resets, dt.timedelta(hours=1)),
    FirstPagePart("admin/first_page/staff_accounts.html", _proposals, (), position=10),
    FirstPagePart("admin/first_page/numbers.html", _numbers, (CORRECT,), position=20),
    FirstPagePart("admin/first_page/resets.html", _resets, (PROPOSE_RESET, CONFIRM_RESET), position=30),
    FirstPagePart("admin/first_page/registrations.html", _registrations, (COUNTS,), position=80),
]
