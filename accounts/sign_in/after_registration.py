"""The way in for a person who just registered: the steps that every sign-in takes."""

from allauth.account.internal.flows.login import perform_password_login
from django.http import HttpRequest, HttpResponse

from accounts.contact_points.code_requests import FirstCode
from accounts.sign_in.stages import new_login
from accounts.users.models import User


def begin_first_sign_in(request: HttpRequest, user: User, first_code: FirstCode) -> HttpResponse:
    """Begin the sign-in of a new account: its contact point is verified first. Raises `RateLimited`.

    Where `first_code` was stored with the account, no other is sent.
    """
    request.first_code = first_code  # type: ignore[attr-defined]
    return perform_password_login(request, {}, new_login(user, signup=True))
