"""Who can move: a person with a profile."""

from django.http import Http404

from accounts.profiles.models import Profile
from accounts.profiles.queries import profile_of
from accounts.users.requests import UserRequest


def profile_or_404(request: UserRequest) -> Profile:
    """Return the profile of the person. Raises `Http404` for staff, who have none."""
    profile = profile_of(request.data_subject.pk)
    if profile is None:
        raise Http404
    return profile
