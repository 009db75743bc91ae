"""`guardians/access`: a guardian asks for a link to their children, and exchanges its secret for a short token."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.children.services import ChildSuspended
from accounts.sessions.store import token_of
from privacy.guardians.accesses import IDLE_FOR, LINK_FOR, LinkUsed, ask_for_access
from privacy.guardians.api import GuardianContact, checked_contact
from privacy.guardians.opened import access_in, close_guardianships, open_guardianships
from privacy.rest.bodies import Body, Text
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import answer_with
from privacy.rest.problems import ALREADY_SIGNED_IN, RATE_LIMITED, Problem, problem_type
from privacy.rest.schema import operation

TAG = "Guardians"
LINK_ENDED = problem_type(
    "guardian_link_ended",
    410,
    _("This link was used, is revoked, or is older than half an hour. Ask for a new one at `guardians/access`."),
)
NO_ACCESS = problem_type(
    "guardian_access_required",
    401,
    _("Ask for a link at `guardians/access`, exchange it at `guardians/access/token`, and send that token."),
)
SUSPENDED = problem_type(
    "child_suspended", 409, _("This account is suspended: its data can be seen and copied, and the account ended.")
)
answer_with(ChildSuspended, lambda _error: Problem(SUSPENDED))
NEEDS_ACCESS = "Needs the token of `guardians/access/token`."
CHILD_ID = OpenApiParameter(
    "child",
    {"type": "string", "format": "uuid"},
    OpenApiParameter.PATH,
    description="The `id` of a child in `guardians/children`.",
)


class LinkAsked(serializers.Serializer):
    """The answer, which is the same for every address."""

    minutes = serializers.IntegerField(help_text="How long the link works after it was sent.")


class LinkSecret(Body):
    """The secret of the link."""

    secret = Text(schema={"maxLength": 64}, help_text="The part of the link that follows `/guardians/mine/link/`.")


class AccessOpened(serializers.Serializer):
    """The token of a guardian, which opens their children and nothing else."""

    token = serializers.CharField()
    idle_minutes = serializers.IntegerField(help_text="How long the token works after its last use.")


class GuardianAccesses(Endpoint):
    """`guardians/access`."""

    public = True
    limited_as = {"POST": "recover"}

    @operation(
        "guardian_access_add",
        "Ask for a link to the children of a guardian",
        answers={202: LinkAsked},
        body=GuardianContact,
        example={"email": "parent@example.com"},
        errors=[RATE_LIMITED],
        description="The response does not tell whether there is a guardian with this address.",
        method="POST",
        public=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Note that a link is asked for; a worker writes to the guardian."""
        _channel, address = checked_contact(self.checked(GuardianContact), "", path="")
        ask_for_access(address=address)
        return Response({"minutes": int(LINK_FOR.total_seconds() // 60)}, status=202)

    @operation(
        "guardian_access_remove", "Sign a guardian out: end this token", answers={204: None}, continues=True, tag=TAG
    )
    def delete(self, request: Request) -> Response:
        """End this session."""
        close_guardianships(self.http)
        return Response(status=204)


class EveryGuardianAccess(Endpoint):
    """`guardians/access/all`."""

    public = True

    @operation(
        "guardian_access_remove_all",
        "Sign a guardian out everywhere, and revoke every link that was sent to them",
        answers={204: None},
        continues=True,
        tag=TAG,
    )
    def delete(self, request: Request) -> Response:
        """End every session of this guardian."""
        close_guardianships(self.http, everywhere=True)
        return Response(status=204)


class GuardianToken(Endpoint):
    """`guardians/access/token`."""

    public = True
    entrance = True
    holds_secret = True
    limited_as = {"POST": "receipt"}

    @operation(
        "guardian_access_open",
        "Exchange the secret of a link for a token, once",
        answers={200: AccessOpened},
        body=LinkSecret,
        example={"secret": "pZ3m0Yx2Qv9rT7bLw4cKdA"},
        errors=[LINK_ENDED, ALREADY_SIGNED_IN, RATE_LIMITED],
        method="POST",
        public=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Open a session."""
        try:
            is_open = open_guardianships(self.http, self.checked(LinkSecret)["secret"])
        except LinkUsed:
            is_open = False
        if not is_open:
            raise Problem(LINK_ENDED)
        return Response({"token": token_of(self.http), "idle_minutes": int(IDLE_FOR.total_seconds() // 60)})


class GuardianEndpoint(Endpoint):
    """An endpoint for the token of a guardian, and for no other."""

    public = True

    def get_permissions(self) -> list[Any]:
        """Return no permission: `initial` asks for another proof than a sign-in."""
        return []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a request without a guardian's access."""
        super().initial(request, *args, **kwargs)
        if access_in(self.http) is None:
            raise Problem(NO_ACCESS, headers={"WWW-Authenticate": "Bearer"})
