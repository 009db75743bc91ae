"""Members of staff with and without a known identity."""

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.users.models import User
from tests.factories import make_staff

STAFF_PAGE = "/admin/accounts/staffproposal/"


def unknown(name: str, *roles: str) -> User:
    """A member of staff without a vouch or a verified contact point."""
    return make_staff(*roles, username=name, vouched=False)


def with_phone(user: User, phone: str) -> User:
    mark_verified(add_contact_point(subject=user.subject, field="phone", value=phone))
    return user
