"""The pages that a person meets, by name."""

from typing import Any

from playwright.sync_api import Browser

from tests.journeys.live import LivePortal
from tests.journeys.people import enterprise_in_germany
from tests.journeys.steps import register, verify

OPEN_TO_ALL = {
    "front": "/",
    "choose": "/register/",
    "individual": "/register/individual/?country=CN",
    "enterprise": "/register/enterprise/?country=DE",
    "sign-in": "/sign-in/",
    "sign-in-code": "/sign-in/code/",
    "recover": "/recover/",
    "policy": "/policies/intl/",
    "policies": "/policies/",
    "receipt": "/receipts/",
    "requests": "/requests/",
    "stop-ended": "/stop-deletion/none/",
    "missing": "/nothing-here/",
    "design": "/design/",
}
SIGNED_IN = {
    "home": "/home/",
    "settings": "/settings/",
    "devices": "/settings/devices/",
    "profile": "/settings/profile/",
    "preferences": "/settings/preferences/",
    "services": "/settings/services/",
    "service": "/settings/services/verified_enterprise/",
    "security": "/settings/security/",
    "app": "/settings/security/app/",
    "passkeys": "/settings/security/passkeys/",
    "events": "/settings/security/events/",
    "privacy": "/settings/privacy/",
    "purpose": "/settings/privacy/purposes/product_news/",
    "copies": "/settings/privacy/copy/",
    "my-requests": "/settings/requests/",
    "my-guardians": "/settings/guardians/",
    "accesses": "/settings/privacy/access/",
    "restriction": "/settings/privacy/restriction/",
    "move": "/settings/move/",
    "move-across": "/settings/move/?country=CN",
    "move-within": "/settings/move/?country=FR",
    "move-agree": "/settings/move/agree/?country=CN",
    "cancel": "/settings/cancel/",
}


def signed_in(portal: LivePortal, browser: Browser) -> list[Any]:
    """Register an enterprise; return the cookies of its browser, without the language."""
    page = browser.new_context(base_url=portal.url, locale="en-US").new_page()
    person = enterprise_in_germany()
    register(page, person)
    verify(page, portal, person)
    return [cookie for cookie in page.context.cookies() if cookie["name"] != "language"]
