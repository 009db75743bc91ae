"""Propose and decide resets of a sign-in through the admin."""

from typing import Any

from django.http import HttpResponse

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.staff.models import SignInReset
from accounts.users.models import User
from tests.sign_in_clients import client_of

PHONE, NEW_PHONE, EMAIL = "+4915123456789", "+4915123450001", "maria@example.com"
NEW_PASSWORD = "Granite-Piano-River-77"
FACTORS = {"act": "factors", "proof": "contact", "reference": "T-1042", "identity_verified": "on"}
LOST_PHONE = FACTORS | {"act": "phone", "phone": NEW_PHONE, "proof": "document"}


def with_email(person: User) -> None:
    mark_verified(add_contact_point(subject=person.subject, field="email", value=EMAIL))


def at(person: User, act: str = "change") -> str:
    return f"/admin/accounts/user/{person.pk}/{act}/"


def propose(by: User, person: User, form: dict[str, Any]) -> SignInReset:
    assert client_of(by).post(at(person, "propose-reset"), form).status_code == 302
    return SignInReset.objects.get(state="proposed")


def decide(by: User, reset: SignInReset, act: str = "confirm") -> HttpResponse:
    return client_of(by).post(f"/admin/accounts/user/{reset.pk}/{act}-reset/", follow=True)


def said(answer: HttpResponse) -> str:
    return answer.content.decode()
