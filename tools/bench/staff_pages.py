"""The pages of staff that grow with the number of people, and the figures for Prometheus."""

import secrets

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.http import HttpRequest
from django.test import Client

from accounts.second_factors.services import SECOND_FACTOR
from accounts.users.models import User
from accounts.users.services import create_staff
from privacy.policies.queries import versions_in_force
from tools.bench.calls import HEADERS, UnexpectedAnswer
from tools.bench.work import Work


def staff_pages() -> dict[str, Work]:
    """Return the works: each asks for one page in the browser of an administrator."""
    browser = _browser_of_administrator()
    version = versions_in_force()[0]

    def page(path: str) -> Work:
        def work() -> None:
            answer = browser.get(path)
            if answer.status_code != 200:  # noqa: PLR2004 - HTTP
                raise UnexpectedAnswer(f"{path}: {answer.status_code}")

        return work

    return {
        "first_page": page("/admin/"),
        "policy_page": page(f"/admin/privacy/policyversion/{version.pk}/change/"),
        "consent_list": page("/admin/privacy/consentrecord/"),
        "metrics": page("/metrics"),
    }


def _browser_of_administrator() -> Client:
    password = secrets.token_urlsafe(18)
    staff = create_staff(
        username=f"bench-{secrets.token_hex(4)}", password=password, jurisdiction=settings.JURISDICTIONS[0]
    )
    User.objects.filter(pk=staff.pk).update(temporary_password_until=None)
    staff.refresh_from_db()
    TOTP.activate(staff, generate_totp_secret())
    browser = Client(HTTP_HOST=HEADERS["HTTP_HOST"])
    browser.force_login(staff)
    request = HttpRequest()
    request.session = browser.session
    record_authentication(request, staff, SECOND_FACTOR, type="totp")
    request.session.save()
    return browser
