"""A child who names a guardian, and the guardian who opens the link of the message."""

import datetime as dt
import json
import re

from django.test import Client

from privacy.guardians.models.pending import PendingChild
from privacy.notices.models import Notice
from tests.sign_in_clients import registration_step

CHILD = {"birth_year": "2014", "birth_month": "5"}
GUARDIAN = "parent@example.com"


def ask(**said: str) -> Client:
    """Answer the age question as a child, and name a guardian; return the child's browser."""
    browser = Client()
    page = registration_step(browser, "you", **CHILD).content.decode()
    signed = re.search(r'name="age" value="([^"]+)"', page)[1]
    typed = {"contact": GUARDIAN, "called": "Mia", "message_language": "en", "age": signed} | said
    answer = browser.post("/guardians/", typed)
    assert answer.get("Location") == "/guardians/asked/", answer.content.decode()
    return browser


def context_of(template: str = "guardian_asked") -> dict[str, str]:
    """Return the words of the newest message."""
    return json.loads(str(Notice.objects.filter(template=template).latest("created_at").context))


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def guardian(answer: str = "agree", context: dict[str, str] | None = None) -> tuple[Client, str]:
    """Open the link of the newest message on another device; return the browser and the address of the page."""
    browser = Client()
    opened = browser.get(path_of((context or context_of())[f"{answer}_url"]))
    assert opened.status_code == 302
    return browser, opened["Location"].partition("#")[0]


def later(**period: int) -> None:
    """Move everything that waits into the past."""
    moved = dt.timedelta(**period)
    for child in PendingChild.objects.all():
        PendingChild.objects.filter(pk=child.pk).update(
            asked_at=child.asked_at - moved, expires_at=child.expires_at - moved
        )
