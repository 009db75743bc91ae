"""The context in which a new password is checked."""

from accounts.contact_points.services import verified_contacts
from accounts.second_factors.services import has_second_factor
from accounts.users.models import User
from accounts.users.passwords import PasswordContext


def password_context(user: User) -> PasswordContext:
    """Return a person's username, verified contact points, void password, and whether they have a second factor."""
    values = [user.username, *(contact.value for contact in verified_contacts(user.subject_id))]
    return PasswordContext(values, has_second_factor=has_second_factor(user), void_hash=user.void_hash)
