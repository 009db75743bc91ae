"""Operations of restrictions: the page of the settings, and who of the staff sees them."""

from privacy.operations.roles import AUDITOR, PRIVACY_OFFICER, SUPPORT, Permissions
from privacy.restriction.account_page import RESTRICTION_PAGE
from privacy.restriction.queries import LIFT_RESTRICTION, SEE_RESTRICTIONS

OPERATIONS = [
    RESTRICTION_PAGE,
    Permissions(
        {
            PRIVACY_OFFICER: (SEE_RESTRICTIONS, LIFT_RESTRICTION),
            SUPPORT: (SEE_RESTRICTIONS, LIFT_RESTRICTION),
            AUDITOR: (SEE_RESTRICTIONS,),
        }
    ),
]
