"""The type of a request whose user is signed in."""

from accounts.users.models import User
from privacy.subjects.requests import SubjectRequest


class UserRequest(SubjectRequest):
    user: User
