"""Index: the models of every package."""

from accounts.profiles.models import Correction, Profile
from accounts.sign_in.models import Code, ContactPoint, KnownDevice, SecurityEvent, Session
from accounts.sign_in.security_changes import SecurityChange
from accounts.staff.models import SignInReset, StaffProposal, StaffVouch
from accounts.tries.models import ConsecutiveFailures, FailedSignIn, TryTotal, TryWait
from accounts.unused.models import UnusedWarning
from accounts.users.models import User

__all__ = [
    "Code",
    "ConsecutiveFailures",
    "ContactPoint",
    "Correction",
    "FailedSignIn",
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
    "UnusedWarning",
    "User",
]
