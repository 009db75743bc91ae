"""The devices of a person as the settings show them: where they are signed in, and where they were before."""

import datetime as dt
from dataclasses import dataclass

from accounts.sessions.known_devices import known_devices_of
from accounts.sessions.models import KnownDevice
from accounts.sessions.open_sessions import OpenSession, open_sessions
from accounts.users.requests import UserRequest


@dataclass(frozen=True)
class SignedInDevice:
    """An open session and, unless it was removed from the list, the known device that holds it."""

    session: OpenSession
    known: KnownDevice | None

    @property
    def name(self) -> str:
        """The name that its owner typed, else that of its app, else empty."""
        return (self.known.name if self.known else None) or self.session.name

    @property
    def first_used_at(self) -> dt.datetime | None:
        """The first sign-in on the device, as far as it is known."""
        return self.known.created_at if self.known else self.session.signed_in_at


def devices_of(request: UserRequest) -> tuple[list[SignedInDevice], list[KnownDevice]]:
    """Return the devices where the person is signed in, this one first, and the other known ones, last used first."""
    sessions, known = open_sessions(request), list(known_devices_of(request.user.subject_id))
    by_id = {str(device.pk): device for device in known}
    signed_in = [SignedInDevice(session, by_id.get(session.known_device)) for session in sessions]
    in_use = {session.known_device for session in sessions}
    return signed_in, [device for device in known if str(device.pk) not in in_use]
