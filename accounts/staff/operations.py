"""Operations of staff: permissions on people, and the parts of their first page."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.sessions.open_sessions import sessions_of_person
from accounts.staff import tasks
from accounts.staff.identities import marks_of_staff, staff_account_of, staff_with_permission, usernames_of_staff
from accounts.staff.models import SignInReset
from accounts.staff.people import numbers_to_compare
from accounts.staff.registration_charts import registrations_by_day
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
from accounts.staff.sign_in_resets import LONGEST_OPEN, open_resets
from accounts.staff.staff_accounts import open_proposals
from accounts.users.models import User
from privacy.access.staff_accounts import StaffAccounts
from privacy.access.two_people import PersonMarks
from privacy.evidence.staff_names import StaffNames, StaffWith
from privacy.operations.roles import POLICY_OPERATOR, PRIVACY_OFFICER, REVIEWER, SUPPORT, Permissions
from privacy.operations.staff_pages import MOST_NEWEST, FirstPagePart, Need, PersonPart, list_url, need_of
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import MOST_LINES

SUPPORTS = (FIND, OPEN, CORRECT, END_SESSIONS, PROPOSE_RESET)


def _proposals(user: Any) -> dict[str, Any] | None:
    proposals = open_proposals() if user.is_superuser else []
    return {"count": len(proposals), "oldest": proposals[0].proposed_at} if proposals else None


def _needed_proposals(context: Mapping[str, Any]) -> Iterator[Need]:
    yield Need(_("Changes of staff accounts to confirm"), context["count"], list_url("accounts_staffproposal"))


def _needed_numbers(context: Mapping[str, Any]) -> Iterator[Need]:
    yield need_of(context["numbers"], _("Registration numbers to compare"), "#numbers")


def _needed_resets(context: Mapping[str, Any]) -> Iterator[Need]:
    resets = context["resets"]
    yield need_of(resets, _("Sign-in resets to decide"), "#resets", resets[0][0].proposed_at + LONGEST_OPEN)


def _numbers(_user: Any) -> dict[str, Any] | None:
    numbers = numbers_to_compare(MOST_LINES)
    return {"numbers": numbers} if numbers else None


def _resets(_user: Any) -> dict[str, Any] | None:
    resets = [(reset, _page_of(reset)) for reset in open_resets()[:MOST_LINES]]
    return {"resets": resets} if resets else None


def _page_of(reset: SignInReset) -> UUID | None:
    return User.objects.filter(subject_id=reset.subject_id).values_list("pk", flat=True).first()


def _sessions(subject_id: UUID) -> dict[str, Any]:
    return {"rows": sessions_of_person(subject_id, MOST_NEWEST)}


def _registrations(_user: Any) -> dict[str, Any]:
    charts = registrations_by_day()
    return {"charts": [each for each in charts if each.total], "empty": [each for each in charts if not each.total]}


OPERATIONS = [
    PersonMarks(marks_of_staff),
    StaffAccounts(staff_account_of),
    StaffNames(usernames_of_staff),
    StaffWith(staff_with_permission),
    Permissions(
        {
            PRIVACY_OFFICER: (*SUPPORTS, CANCEL, CONFIRM_RESET, COUNTS),
            SUPPORT: SUPPORTS,
            REVIEWER: (FIND,),
            POLICY_OPERATOR: (COUNTS,),
        }
    ),
    Sweep("old resets of a sign-in", tasks.void_old_resets, dt.timedelta(hours=1)),
    FirstPagePart("admin/first_page/staff_accounts.html", _proposals, (), position=10, needs=_needed_proposals),
    FirstPagePart("admin/first_page/numbers.html", _numbers, (CORRECT,), position=20, needs=_needed_numbers),
    FirstPagePart(
        "admin/first_page/resets.html",
        _resets,
        (PROPOSE_RESET, CONFIRM_RESET),
        position=30,
        needs=_needed_resets,
    ),
    FirstPagePart("admin/first_page/registrations.html", _registrations, (COUNTS,), position=80),
    PersonPart(
        "sessions", gettext_lazy("Sessions"), "admin/person/sessions.html", _sessions, END_SESSIONS, position=20
    ),
]
