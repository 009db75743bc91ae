"""`auth/undo`: undo a change by the secret of the link in a notice ("this was not me")."""

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.sign_in.undo_change import UndoEnded, undo_and_sign_out
from privacy.rest.bodies import Body, Flag, Text
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import answer_with
from privacy.rest.problems import Problem, problem_type
from privacy.rest.schema import operation

UNDO_ENDED = problem_type(
    "undo_ended", 410, _("This link was already used or has expired. Recover the account with a code.")
)
answer_with(UndoEnded, lambda _error: Problem(UNDO_ENDED))


class UndoSecret(Body):
    """The secret at the end of the link."""

    secret = Text(schema={"maxLength": 64}, help_text="The part of the link in a notice that follows `/undo/`.")
    and_earlier = Flag(
        required=False,
        help_text="True: also undo the earlier changes that can still be undone; the owner did not make them either.",
    )


class UndoChange(Endpoint):
    """`auth/undo`."""

    public = True
    with_temporary_password = True

    @operation(
        "auth_undo",
        "Undo a change that the owner did not make and all later ones, and lock the account",
        answers={204: None},
        body=UndoSecret,
        example={"secret": "pZ3m0Yx2Qv9rT7bLw4cKdA"},
        errors=[UNDO_ENDED],
        description="Ends every token and voids the password. Set a new one with `auth/recover`.",
        method="POST",
        public=True,
        tag="Security",
    )
    def post(self, request: Request) -> Response:
        """Undo it."""
        given = self.checked(UndoSecret)
        undo_and_sign_out(self.http, given["secret"], and_earlier=given.get("and_earlier", False))
        return Response(status=204)
