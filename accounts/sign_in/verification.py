"""Verify the contact point that opens a new account."""

from accounts.sign_in.asked_codes import forget, use_code
from accounts.sign_in.contact_points import mark_verified
from accounts.sign_in.models import Code
from accounts.sign_in.stages import VerifyContactStage
from accounts.users.services import claim_username


def verify_by_code(stage: VerifyContactStage, digits: str) -> None:
    """Take the contact point into use and claim the username, unless another browser did so meanwhile.

    Raises `RateLimited`, `WrongCode`, `CodeExpired`, `ContactTaken`, `BeginAgain`.
    """
    if stage.is_passed:
        return
    contact, user = stage.contact, stage.login.user
    use_code(stage.request, use=Code.Use.VERIFY, digits=digits, contact=contact)
    forget(stage.request, use=Code.Use.VERIFY, contact=contact)
    mark_verified(contact)
    user.refresh_from_db(fields=["verified_at", "username", "username_index"])
    claim_username(user)
