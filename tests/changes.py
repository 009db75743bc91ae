"""Change what signs in or recovers, read the notices of it, and undo it."""

import json
import re
from typing import Any

from django.conf import settings
from django.test import Client

from accounts.contact_points.services import verified_contacts
from accounts.users.models import User
from privacy.notices.models import Notice
from tests.factories import PASSWORD
from tests.sign_in_clients import app_code, newest_code

CHANGES = ("contact_changed", "password_changed", "security_changed")
SECURITY = "/settings/security/"


def notices_by_address() -> dict[str, dict[str, Any]]:
    """The context of the newest notices of changes, by address."""
    notices = Notice.objects.filter(template__in=CHANGES).order_by("due_at")
    return {str(notice.address): json.loads(notice.context) | {"template": notice.template} for notice in notices}


def change_contact(client: Client, field: str, value: str) -> None:
    client.post(f"{SECURITY}{field}/", {"value": value})
    answer = client.post(f"{SECURITY}{field}/code/", {"code": newest_code()})
    assert answer.headers["Location"] == SECURITY


def signed_in_as(person: User) -> Client:
    """A browser with a fresh sign-in: password, and a code where the person has an app."""
    client = Client()
    answer = client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    if answer.headers["Location"] == "/sign-in/second-step/":
        client.post("/sign-in/second-step/", {"code": app_code()})
    return client


def set_up_app(client: Client) -> None:
    secret = re.search(r'<code id="secret">(\w+)</code>', client.get(f"{SECURITY}app/").content.decode())[1]
    client.post(f"{SECURITY}app/", {"code": app_code(secret)})


def path_of(url: str) -> str:
    return url.removeprefix(settings.SITE_URL)


def link_at(address: str) -> str:
    return path_of(notices_by_address()[address]["undo_url"])


def undo(link: str) -> None:
    assert Client().post(link).headers["Location"] == "/recover/"


def contacts(person: User) -> set[str]:
    return {str(contact.value) for contact in verified_contacts(person.subject_id)}
