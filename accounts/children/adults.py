"""Whether an account may prove who a guardian is: somebody registered it alone, and it is in use."""

from uuid import UUID

from accounts.profiles.queries import profile_of
from accounts.users.models import User
from privacy.consent.queries import latest_consent
from privacy.erasure.queries import subjects_with_an_open_case


def is_adult_account(subject_id: UUID) -> bool:
    """Whether this is the account of a registered person, open, verified and not cancelled.

    Registration asks everyone for their age, and a child registers with a guardian only, whom the caller looks for. An
    account of staff was never asked.
    """
    user = User.objects.filter(subject_id=subject_id, is_active=True, verified_at__isnull=False).first()
    if user is None or profile_of(subject_id) is None or latest_consent(subject_id) is None:
        return False
    return not subjects_with_an_open_case().filter(subject_id=subject_id).exists()
