"""`me/cancellation`: cancel an account, and undo that within the cooling-off period."""

from typing import Any

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.sign_in.api.answers import SignIn, sign_in_answer
from accounts.sign_in.undo_cancellation import case_to_undo, undo_and_sign_in
from accounts.users.problems import NO_PENDING_STEP
from privacy.erasure.api import TOO_LATE_TO_UNDO, Cancellation
from privacy.rest.problems import Problem
from privacy.rest.schema import operation


class MyCancellation(Cancellation):
    """Cancelling needs a signed-in person; undoing needs a session that authenticated as the cancelled person."""

    def get_permissions(self) -> list[Any]:
        """Require no sign-in to undo: `delete` checks the session."""
        return [AllowAny()] if self.request.method == "DELETE" else super().get_permissions()

    @operation(
        "cancellation_undo",
        "Keep an account that was cancelled, and sign in",
        answers={200: SignIn},
        errors=[NO_PENDING_STEP, TOO_LATE_TO_UNDO],
        description="Send the token of the `account_cancelled` problem that the sign-in returned.",
        continues=True,
        tag="Me",
    )
    def delete(self, request: Request) -> Response:
        """Undo the cancellation that this session may undo."""
        case = case_to_undo(self.http)
        if case is None:
            raise Problem(NO_PENDING_STEP)
        undo_and_sign_in(self.http, case)
        return sign_in_answer(request)
