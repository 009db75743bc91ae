"""The way in for a person who just registered: the steps that every sign-in takes."""

from allauth.account.internal.flows.login import perform_password_login
from django.http import HttpRequest, HttpResponse

from accounts.sign_in.stages import new_login
from accounts.users.models import User


def enter(request: HttpRequest, user: User) -> HttpResponse:
    """Begin the sign-in of a new account: its contact point is verified first. Raises `RateLimited`."""
    return perform_password_login(request, {}, new_login(user, signup=True))
