"""Index: the models of every room."""

from accounts.profiles.models import Correction, Profile
from accounts.sign_in.models import Code, ContactPoint, SecurityEvent, Session
from accounts.sign_in.security_changes import SecurityChange
from accounts.staff.models import StaffProposal, StaffVouch
from accounts.unused.models import UnusedWarning
from accounts.users.models import User

__all__ = [
    "Code",
    "ContactPoint",
    "Correction",
    "Profile",
    "SecurityChange",
    "SecurityEvent",
    "Session",
    "StaffProposal",
    "StaffVouch",
    "UnusedWarning",
    "User",
]
