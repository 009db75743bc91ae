"""Move to the portal of another company: the person carries a package there, and the account here is cancelled."""

from accounts.moving.packages import Package, make_package
from accounts.moving.refusals import CannotMove, Why
from accounts.moving.services import refuse_leaving
from accounts.profiles.models import Profile
from accounts.profiles.queries import profile_of
from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.jurisdictions.jurisdictions import jurisdiction_of_country, other_site
from privacy.subjects.models import DataSubject


def leave_for(*, user: User, country: str) -> tuple[ErasureCase, Package]:
    """Cancel an account whose owner moves to a country that another portal stores; return the case and the package.

    The cancellation is an ordinary one: the account can be kept until its cooling-off period ends. Nothing of the
    package is stored here. Raises `CannotMove`, and `AlreadyCancelled`.
    """
    target = jurisdiction_of_country(country)
    if target.is_stored_here or not other_site(target):
        raise CannotMove(Why.ELSEWHERE)
    refuse_leaving(user.subject, target)
    profile = profile_of(user.subject_id)
    if profile is None:
        raise Profile.DoesNotExist
    package = make_package(user=user, profile=profile, country=country)
    return cancel_account(subject=user.subject, moved_to=target.code), package


def may_leave(subject: DataSubject, country: str) -> bool:
    """Whether another portal, whose address is known, stores the data of people from a country."""
    target = jurisdiction_of_country(country)
    return target.code != subject.jurisdiction and not target.is_stored_here and other_site(target) is not None
