"""Verify the contact point that opens a new account."""

from accounts.sign_in.codes import use_code
from accounts.sign_in.contact_points import mark_verified
from accounts.sign_in.models import Code
from accounts.sign_in.stages import VerifyContactStage
from accounts.users.services import claim_username


def verify_by_code(stage: VerifyContactStage, digits: str) -> None:
    """Take the contact point into use and claim the username. Raises `WrongCode`, `CodeExpired`, `ContactTaken`."""
    use_code(contact=stage.contact, use=Code.Use.VERIFY, digits=digits)
    mark_verified(stage.contact)
    stage.login.user.refresh_from_db()
    claim_username(stage.login.user)
