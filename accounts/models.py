"""Index: the models of every package."""

from accounts.contact_points.models import Code, ContactPoint
from accounts.inactive.models import InactivityWarning
from accounts.profiles.models import Correction, Profile
from accounts.security_events.models import SecurityChange, SecurityEvent
from accounts.sessions.models import KnownDevice, Session
from accounts.staff.models import SignInReset, StaffProposal, StaffVouch
from accounts.tries.models import ConsecutiveFailures, FailedSignIn, TryTotal, TryWait
from accounts.users.models import User

__all__ = [
    "Code",
    "ConsecutiveFailures",
    "ContactPoint",
    "Correction",
    "FailedSignIn",
    "InactivityWarning",
    "KnownDevice",
    "Profile",
    "SecurityChange",
    "SecurityEvent",
    "Session",
    "SignInReset",
    "StaffProposal",
    "StaffVouch",
    "TryTotal",
    "TryWait",
    "User",
]
