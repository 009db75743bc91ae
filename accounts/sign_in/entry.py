"""The way in for a person who just registered: the steps that every sign-in takes."""

from allauth.account.internal.flows.login import perform_password_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.sign_in.asked_codes import FirstCode
from accounts.sign_in.stages import new_login
from accounts.users.models import User


def enter(request: HttpRequest, user: User, first_code: FirstCode, *, verify_next: str = "") -> HttpResponse:
    """Begin the sign-in of a new account: its contact point is verified first. Raises `RateLimited`.

    Where `first_code` was stored with the account, no other is sent. `verify_next` names the field of the contact point
    that is verified once the account is open.
    """
    request.first_code = first_code  # type: ignore[attr-defined]
    landing = reverse("verify_changed_contact", args=[verify_next]) if verify_next else None
    return perform_password_login(request, {}, new_login(user, redirect_url=landing, signup=True))
