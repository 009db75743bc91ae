"""The last step of a recovery, for page and REST."""

from django.http import HttpRequest

from accounts.contact_points.models import Code
from accounts.second_factors.services import has_second_factor
from accounts.sessions.known_devices import remember_device
from accounts.sessions.services import change_password
from accounts.sign_in.code_proof import forget_proof
from accounts.users.models import User


def recover_account(*, request: HttpRequest, user: User, password: str) -> None:
    """Set a new password after the right code, which ends every session and lock. Raises `BeginAgain`.

    The device becomes a known device, so that guesses of others do not block the owner. With a second factor it does
    not, because this device has not proved that factor.
    """
    change_password(user=user, password=password)
    forget_proof(request, Code.Use.RECOVER)
    if not has_second_factor(user):
        remember_device(request, user)
