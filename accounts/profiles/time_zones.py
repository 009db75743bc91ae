"""The time zone in which a person sees dates, and their kind, kept in the session: a page does not ask the profile."""

from django.http import HttpRequest

from accounts.profiles.queries import profile_of

SESSION_KEY = "time_zone"
KIND_KEY = "kind"


def time_zone_of(request: HttpRequest) -> str:
    """Return the time zone of the signed-in person, or an empty text."""
    if not request.user.is_authenticated:
        return ""
    if SESSION_KEY not in request.session:
        _remember(request)
    return str(request.session[SESSION_KEY])


def kind_of(request: HttpRequest) -> str:
    """Return the kind of registration of the signed-in person, which never changes; empty for staff without one."""
    if KIND_KEY not in request.session:
        _remember(request)
    return str(request.session[KIND_KEY])


def forget_time_zone(request: HttpRequest) -> None:
    """Let the next request read the time zone from the profile."""
    request.session.pop(SESSION_KEY, None)


def _remember(request: HttpRequest) -> None:
    profile = profile_of(request.user.subject_id)  # type: ignore[union-attr]  # signed in
    request.session[SESSION_KEY] = (profile.time_zone if profile else "") or ""
    request.session[KIND_KEY] = profile.kind if profile else ""
