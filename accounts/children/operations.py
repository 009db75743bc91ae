"""Operations of children: the day of age, disagreements of guardians, and a part of a person's page for staff."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.children import tasks
from accounts.children.account_page import CHILDREN_PAGE, GUARDIANS_PAGE
from accounts.children.adults import is_adult_account
from accounts.children.coming_of_age import OF_AGE, overdue_answers, suspended_among
from accounts.children.disagreeing import disagreements
from accounts.children.leaving import GuardiansStore, guardianships_in_copy, role_label
from privacy.erasure.suspending import SuspensionReason
from privacy.export.copy_rows import CopyRows
from privacy.guardians.acting import guardians_of
from privacy.guardians.adults import AdultCheck
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.queries import DECIDE_FOR_CHILD, SEE_GUARDIANSHIPS
from privacy.inventory.value_labels import ValueLabel
from privacy.notices.messages import Message
from privacy.operations.roles import PRIVACY_OFFICER, Permissions
from privacy.operations.staff_pages import PersonPart
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import Severity, Watched


def _guardians(subject_id: UUID) -> Mapping[str, object]:
    return {"guardians": guardians_of(subject_id)}


def _disagreement(guardianship: Guardianship) -> str:
    return f"the guardians of the child of guardianship {guardianship.pk} disagree: decide"


OPERATIONS = [
    AdultCheck(is_adult_account),
    Permissions({PRIVACY_OFFICER: (SEE_GUARDIANSHIPS, DECIDE_FOR_CHILD)}),
    CHILDREN_PAGE,
    GUARDIANS_PAGE,
    GuardiansStore(),
    CopyRows(Guardianship, guardianships_in_copy),
    ValueLabel("guardian_role", role_label),
    Message(OF_AGE),
    SuspensionReason("no own agreement after the day of age", suspended_among),
    Sweep("children who reach the age", tasks.end_due_guardianships, dt.timedelta(hours=1)),
    Sweep("people who did not answer since their day of age", tasks.suspend_or_erase_unanswered, dt.timedelta(hours=1)),
    PersonPart("guardians", _("Guardians"), "admin/person/guardians.html", _guardians, DECIDE_FOR_CHILD, position=35),
    Watched(
        "guardians_disagree",
        _("Children whose guardians disagree"),
        rows=disagreements,
        severity=Severity.HOURLY,
        line=_disagreement,
        seen_by=DECIDE_FOR_CHILD,
    ),
    Watched(
        "people_of_age_overdue",
        _("Accounts that should have been erased, because the person did not answer after the day of age"),
        rows=overdue_answers,
        severity=Severity.HOURLY,
        line=lambda guardianship: f"the account of guardianship {guardianship.pk} should have been erased by now",
        seen_by=SEE_GUARDIANSHIPS,
    ),
]
