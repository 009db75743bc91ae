"""`auth/sessions`, `auth/devices` and `me/security-events`."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.security_events.models import SecurityEvent
from accounts.security_events.services import events_of
from accounts.sessions.known_devices import forget_device, known_devices_of
from accounts.sessions.open_sessions import OpenSession, end_other_sessions, end_session, open_sessions
from privacy.rest.endpoints import Endpoint
from privacy.rest.problems import FRESH_SIGN_IN_REQUIRED, INVALID, NOT_FOUND
from privacy.rest.schema import PAGE, operation, paged

TAG = "Sessions"


class SessionRow(serializers.Serializer):
    """An open session."""

    id = serializers.CharField()
    name = serializers.CharField(allow_blank=True, help_text="The name that the app gave this session. Empty if none.")
    device = serializers.CharField(help_text="Browser or app and system, such as Chrome on Android.")
    signed_in_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)
    is_this = serializers.BooleanField(help_text="True if it is the current session.")


class DeviceRow(serializers.Serializer):
    """A device that I signed in on before."""

    id = serializers.UUIDField()
    device = serializers.CharField(help_text="Browser or app and system, such as Chrome on Android.")
    created_at = serializers.DateTimeField(help_text="The first sign-in on this device.")
    last_used_at = serializers.DateTimeField(help_text="The last sign-in on this device.")


class SecurityEventRow(serializers.Serializer):
    """A security event."""

    kind = serializers.ChoiceField(SecurityEvent.Kind.values)
    at = serializers.DateTimeField()
    device = serializers.CharField()


class Sessions(Endpoint):
    """`auth/sessions`."""

    at_the_gate = True
    fresh_sign_in_for = ("DELETE",)

    @operation(
        "sessions",
        "List my open sessions, in browsers and apps",
        answers={200: SessionRow(many=True)},
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with this one first, then the last used."""
        return Response([_present(session) for session in open_sessions(self.http)])

    @operation(
        "sessions_end_others",
        "End all other sessions",
        answers={204: None},
        errors=[FRESH_SIGN_IN_REQUIRED],
        at_the_gate=True,
        tag=TAG,
    )
    def delete(self, request: Request) -> Response:
        """End them at once."""
        end_other_sessions(self.http)
        return Response(status=204)


class OneSession(Endpoint):
    """`auth/sessions/<id>`."""

    at_the_gate = True
    fresh_sign_in_for = ("DELETE",)

    @operation(
        "sessions_end",
        "End a session",
        answers={204: None},
        errors=[FRESH_SIGN_IN_REQUIRED, NOT_FOUND],
        parameters=[OpenApiParameter("session", str, OpenApiParameter.PATH, description="Its `id`.")],
        at_the_gate=True,
        tag=TAG,
    )
    def delete(self, request: Request, session: str) -> Response:
        """End it at once."""
        if not end_session(self.http, session):
            raise Http404
        return Response(status=204)


class Devices(Endpoint):
    """`auth/devices`."""

    at_the_gate = True

    @operation(
        "devices",
        "List the devices that I signed in on before",
        answers={200: DeviceRow(many=True)},
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with the last used first."""
        return Response([DeviceRow(known).data for known in known_devices_of(self.subject.pk)])


class OneDevice(Endpoint):
    """`auth/devices/<id>`."""

    at_the_gate = True
    fresh_sign_in_for = ("DELETE",)

    @operation(
        "devices_forget",
        "Remove a known device; its next sign-in counts as one on a new device",
        answers={204: None},
        errors=[FRESH_SIGN_IN_REQUIRED, NOT_FOUND],
        parameters=[
            OpenApiParameter(
                "device", {"type": "string", "format": "uuid"}, OpenApiParameter.PATH, description="Its `id`."
            )
        ],
        at_the_gate=True,
        tag=TAG,
    )
    def delete(self, request: Request, device: UUID) -> Response:
        """Forget it."""
        if not forget_device(self.subject.pk, device):
            raise Http404
        return Response(status=204)


class SecurityEvents(Endpoint):
    """`me/security-events`."""

    at_the_gate = True

    @operation(
        "security_events",
        "List my security events, newest first",
        answers={200: paged("SecurityEventPage", SecurityEventRow)},
        errors=[INVALID],
        parameters=PAGE,
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with one page."""
        return self.page(
            events_of(self.subject.pk), "-at", lambda row: {"kind": row.kind, "at": row.at, "device": row.device}
        )


def _present(session: OpenSession) -> dict[str, Any]:
    return {
        "id": session.handle,
        "name": session.name,
        "device": session.device,
        "signed_in_at": session.signed_in_at,
        "last_used_at": session.last_used_at,
        "is_this": session.is_this,
    }
