"""The end of a recovery, on the page and over REST."""

from django.http import HttpRequest

from accounts.sign_in.known_devices import remember_device
from accounts.sign_in.models import Code
from accounts.sign_in.proving import forget_proof
from accounts.sign_in.second_factors import has_second_factor
from accounts.sign_in.sessions import change_password
from accounts.users.models import User


def recover_account(*, request: HttpRequest, user: User, password: str) -> None:
    """Set a new password after the right code, which ends every session and lock. Raises `BeginAgain`.

    The device is known from now on, so that others who still guess do not keep the owner out: unless there is a second
    factor, which this device has not given yet.
    """
    change_password(user=user, password=password)
    forget_proof(request, Code.Use.RECOVER)
    if not has_second_factor(user):
        remember_device(request, user)
