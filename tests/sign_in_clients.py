"""Lets a test sign in: registers, reads codes, and signs browsers in with Django's test client."""

import json
import re
import time

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpRequest, HttpResponse
from django.test import Client

from accounts.second_factors.services import SECOND_FACTOR, has_second_factor
from accounts.users.models import User
from privacy.notices.addressing import Outcome, assign_addressee, waits_for_addressee
from privacy.notices.models import Notice
from tests.factories import TOTP_SECRET
from tests.forms import ENTERPRISE, INDIVIDUAL


def registration_step(
    client: Client, step: str, country: str = "DE", *, kind: str = "individual", **data: str
) -> HttpResponse:
    """Go to a step of registration with everything right but `data`; empty text registers."""
    usual = INDIVIDUAL if kind == "individual" else ENTERPRISE
    wanted = {"step": step} if step else {}
    return client.post(f"/register/{kind}/", usual | {"country": country} | wanted | data)


def shown_text(client: Client, country: str = "DE") -> dict[str, str]:
    """Read the policy in the form; return the hidden fields that say which text it was, and which form."""
    page = registration_step(client, "policy", country, username="reads_the_policy", submission="")
    hidden = r'<input type="hidden" name="(policy|language|submission)" value="([^"]+)"'
    return dict(re.findall(hidden, page.content.decode()))


def register(client: Client, country: str = "DE", *, kind: str = "individual", **data: str) -> HttpResponse:
    """Send the last step with everything right but `data`."""
    usual = INDIVIDUAL if kind == "individual" else ENTERPRISE
    return client.post(f"/register/{kind}/", usual | {"country": country} | shown_text(client, country) | data)


def client_of(user: User) -> Client:
    """A browser with a signed-in person, who gave their second factor if they have one."""
    client = Client()
    client.force_login(user)
    if has_second_factor(user):
        request = HttpRequest()
        request.session = client.session
        record_authentication(request, user, SECOND_FACTOR, type="totp")
        request.session.save()
    return client


def fresh_client_of(user: User) -> Client:
    """A browser with a person who gave their password just now, for acts that need a fresh sign-in."""
    client = client_of(user)
    if not has_second_factor(user):
        request = HttpRequest()
        request.session = client.session
        record_authentication(request, user, "password")
        request.session.save()
    return client


def newest_code(template: str = "verification_code") -> str:
    """Read the newest code, once it is assigned to its owner as if it were sent; empty text where it has none."""
    notice = Notice.objects.filter(template=template).order_by("-due_at", "-id").first()
    return code_in(notice) if notice else ""


def code_in(notice: Notice) -> str:
    """Read the code of a message, once it is assigned to its owner as if it were sent; empty text where it has none."""
    if waits_for_addressee(notice) and assign_addressee(notice) is Outcome.UNKNOWN:
        return ""
    return str(json.loads(str(notice.context)).get("code", ""))


def app_code(secret: str = TOTP_SECRET) -> str:
    """The code that an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
