"""The time zone in which a person sees dates, kept in the session, so that a page does not decrypt the profile."""

from django.http import HttpRequest

from accounts.profiles.queries import profile_of

SESSION_KEY = "time_zone"


def time_zone_of(request: HttpRequest) -> str:
    """Return the time zone of the signed-in person, or an empty text."""
    if not request.user.is_authenticated:
        return ""
    if SESSION_KEY not in request.session:
        profile = profile_of(request.user.subject_id)
        request.session[SESSION_KEY] = (profile.time_zone if profile else "") or ""
    return str(request.session[SESSION_KEY])


def forget_time_zone(request: HttpRequest) -> None:
    """Let the next request read the time zone from the profile."""
    request.session.pop(SESSION_KEY, None)
