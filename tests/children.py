"""Children with an account, their guardians, and the day on which a child is old enough to agree."""

import datetime as dt
import json
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.children import coming_of_age
from accounts.contact_points.models import ContactPoint
from accounts.users.models import User
from privacy.guardians import proving
from privacy.guardians.accesses import send_access_links
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.pending import PendingChild
from privacy.notices.models import Notice
from tests.forms import INDIVIDUAL
from tests.guardians import ask, context_of, guardian, path_of
from tests.sign_in_clients import shown_text

CHILD = {key: value for key, value in INDIVIDUAL.items() if not key.startswith("birth_")}
DAY = dt.date(2030, 5, 31)


def agreed(address: str = "parent@example.com") -> tuple[Client, str]:
    """A guardian agrees and proves who they are; return their browser and the number of the child."""
    ask(contact=address)
    child = PendingChild.objects.latest("asked_at")
    browser, page = guardian()
    browser.post(f"{page}agree/", {"is_guardian": "on"})
    proving.confirm_document(child=child)
    return browser, str(child.pk)


def send(browser: Client, number: str, **data: str) -> HttpResponse:
    typed = CHILD | shown_text(Client()) | {"country": "DE", "child": number} | data
    return browser.post("/register/individual/", typed)


def registered_child(username: str = "mia_child", phone: str = "+4915123456789", address: str = "parent@example.com"):
    """Return the guardianship of a registered child."""
    browser, number = agreed(address)
    answer = send(browser, number, username=username, phone=phone, name=username)
    assert answer.get("Location") == "/sign-in/verify/", answer.content.decode()
    return Guardianship.objects.get(child=number)


def opened(address: str = "parent@example.com") -> Client:
    """Return the browser of a guardian who opened their children."""
    browser = Client()
    assert "a link is on its way" in browser.post("/guardians/mine/", {"address": address}).content.decode()
    assert send_access_links() == 1
    assert browser.post(path_of(context_of("guardian_link")["read_url"]))["Location"] == "/guardians/mine/"
    return browser


def page_of(guardianship: Guardianship, act: str = "") -> str:
    return f"/guardians/mine/{guardianship.pk}/{act}"


def verified(guardianship: Guardianship) -> Guardianship:
    """Let the child have verified their contact points."""
    ContactPoint.objects.update(verified_at=timezone.now())
    User.objects.update(verified_at=timezone.now())
    return guardianship


def joined_by_second(child: Guardianship) -> Guardianship:
    """Return the guardianship of a second guardian."""
    second = Guardianship(
        subject=child.subject,
        child=uuid4(),
        channel="email",
        language="en",
        address="second@example.com",
        address_index="second@example.com",
        reached_on=DAY,
    )
    second.save()
    return second


def reached(guardianship: Guardianship, days: int = 0) -> None:
    """Let the day of age be so many days ago, and take the step of that day."""
    found = Guardianship.objects.get(pk=guardianship.pk)
    found.reached_on = timezone.now().date() - dt.timedelta(days=1)
    found.save()
    assert coming_of_age.end_due_guardianships() == 1
    Guardianship.objects.filter(pk=found.pk).update(ended_at=timezone.now() - dt.timedelta(days=days))


def answer_page() -> str:
    notice = Notice.objects.filter(template="come_of_age").latest("created_at")
    return path_of(json.loads(str(notice.context))["answer_url"])


def answer(page: str, **data: str):
    browser = Client()
    shown = browser.get(page)
    version = shown.context["version"]
    return browser.post(page, {"policy": version.digest, "language": version.language} | data)
