"""What a new password must not resemble or be."""

from accounts.sign_in.contact_points import verified_contacts
from accounts.sign_in.second_factors import has_second_factor
from accounts.users.models import User
from accounts.users.passwords import OwnData


def own_data(user: User) -> OwnData:
    """Return a person's username, verified contact points, void password, and whether they have a second factor."""
    values = [user.username, *(contact.value for contact in verified_contacts(user.subject_id))]
    return OwnData(values, has_second_factor=has_second_factor(user), void_hash=user.void_hash)
