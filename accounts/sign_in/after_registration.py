"""The first sign-in of a person who just registered; it has the same steps as every sign-in."""

from allauth.account.internal.flows.login import perform_password_login
from django.http import HttpRequest, HttpResponse

from accounts.contact_points.code_requests import FirstCode
from accounts.sign_in.stages import new_login
from accounts.users.models import User


def begin_first_sign_in(request: HttpRequest, user: User, first_code: FirstCode) -> HttpResponse:
    """Begin the sign-in of a new account: the first step verifies its contact point. Raises `RateLimited`.

    Where `first_code` was stored with the account, no other is sent.
    """
    request.first_code = first_code  # type: ignore[attr-defined]
    return perform_password_login(request, {}, new_login(user, signup=True))
