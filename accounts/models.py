"""Index: the models of every room."""

from accounts.sign_in.models import Code, ContactPoint, Session
from accounts.users.models import User

__all__ = ["Code", "ContactPoint", "Session", "User"]
