"""Fresh sign-ins: whether one is recent enough, and asking again without losing a sent form."""

import time

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request, suspend_request
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.second_factors.assurance import proved_at


def signed_in_recently(request: HttpRequest) -> bool:
    """Whether the person authenticated within `FRESH_SIGN_IN`, with a second factor if they have one."""
    return time.time() - proved_at(request) < settings.FRESH_SIGN_IN.total_seconds()


def record_fresh_sign_in(request: HttpRequest) -> None:
    """Record that the person gave their password now."""
    record_authentication(request, request.user, method="password", reauthenticated=True)


def ask_again(request: HttpRequest, *, keep_form: bool = True) -> HttpResponse:
    """Redirect to the page that asks again; a sent form is kept, sealed, until then."""
    if keep_form:
        return suspend_request(request, reverse("sign_in_again"))
    return redirect_to_login(request.get_full_path(), reverse("sign_in_again"))


def resume(request: HttpRequest) -> HttpResponse | None:
    """Return the answer that continues the interrupted request, or None."""
    return resume_request(request)
