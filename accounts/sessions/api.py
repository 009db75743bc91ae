"""`auth/sessions`, `auth/devices` and `me/security-events`."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.security_events.models import SecurityEvent
from accounts.security_events.services import events_of
from accounts.sessions.forms import NameForm
from accounts.sessions.known_devices import forget_device, known_devices_of, rename_device
from accounts.sessions.names import LONGEST_NAME, NamedGone
from accounts.sessions.open_sessions import OpenSession, end_other_sessions, end_session, open_sessions
from privacy.rest.bodies import Body, Text
from privacy.rest.endpoints import Endpoint
from privacy.rest.problems import FRESH_SIGN_IN_REQUIRED, INVALID, NOT_FOUND
from privacy.rest.schema import PAGE, operation, paged

TAG = "Sessions"
DEVICE_ID = OpenApiParameter(
    "device", {"type": "string", "format": "uuid"}, OpenApiParameter.PATH, description="Its `id`."
)


class SessionRow(serializers.Serializer):
    """An open session."""

    id = serializers.CharField()
    name = serializers.CharField(allow_blank=True, help_text="The name that the app gave this session. Empty if none.")
    device = serializers.CharField(help_text="Browser or app and system, such as Chrome on Android.")
    signed_in_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)
    is_this = serializers.BooleanField(help_text="True if it is the current session.")
    known_device = serializers.UUIDField(allow_null=True, help_text="The `id` of its device in `auth/devices`.")


class DeviceRow(serializers.Serializer):
    """A device that I signed in on before."""

    id = serializers.UUIDField()
    name = serializers.CharField(allow_null=True, help_text="The name that I gave it. Null if none.")
    device = serializers.CharField(help_text="Browser or app and system, such as Chrome on Android.")
    created_at = serializers.DateTimeField(help_text="The first sign-in on this device.")
    last_used_at = serializers.DateTimeField(help_text="The last sign-in on this device.")


class NameGiven(Body):
    """A new name."""

    name = Text(schema={"maxLength": LONGEST_NAME}, help_text="Invisible characters are removed.")


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
        "devices_rename",
        "Rename a known device",
        answers={200: DeviceRow},
        body=NameGiven,
        example={"name": "My phone"},
        errors=[NOT_FOUND],
        parameters=[DEVICE_ID],
        at_the_gate=True,
        tag=TAG,
    )
    def patch(self, request: Request, device: UUID) -> Response:
        """Store the name."""
        known = get_object_or_404(known_devices_of(self.subject.pk), pk=device)
        name = self.checked_by(NameGiven, NameForm).cleaned_data["name"]
        try:
            rename_device(known, name)
        except NamedGone:
            raise Http404 from None
        return Response(DeviceRow(known).data)

    @operation(
        "devices_forget",
        "Remove a known device; its next sign-in counts as one on a new device",
        answers={204: None},
        errors=[FRESH_SIGN_IN_REQUIRED, NOT_FOUND],
        parameters=[DEVICE_ID],
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
        "known_device": session.known_device or None,
    }
