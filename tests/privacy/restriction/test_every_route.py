"""No page of staff shows a restricted person's values, whatever the reason: each route of the admin is asked."""

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse

from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.restriction.models import ProcessingRestriction
from privacy.restriction.services import restrict_processing
from tests.copies import make_guardianship
from tests.factories import make_person, make_policy, make_staff
from tests.privacy.rights.filing import filed
from tests.sign_in_clients import client_of

NAME, PHONE, GUARDIAN = "Maria Petrović", "+381641234567", "guardian@example.com"
ACTS = ("open", "correct", "cancel", "end_sessions", "propose_reset", "confirm_reset")


def text_of(answer: HttpResponse) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="replace")


def pages() -> list[str]:
    """Return the list of every model in the admin, and the page of each of its rows."""
    found = []
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"{name}_changelist"))
        found += [reverse(f"{name}_change", args=[row.pk]) for row in model._default_manager.all()[:20]]
    return found


def downloads() -> list[str]:
    found = []
    for model in admin.site._registry:
        try:
            found.append(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_export"))
        except NoReverseMatch:
            continue
    return found


@pytest.fixture
def person() -> User:
    make_policy("intl")
    person = make_person(phone=PHONE)
    make_guardianship(person.subject)
    filed("question", subject=person.subject)
    return person


def shown_to_staff(person: User) -> dict[str, str]:
    """Return what each route answers to a member of staff with every right, by address."""
    staff = client_of(make_staff())
    found = {address: text_of(staff.get(address, follow=True)) for address in pages()}
    found |= {f"POST {address}": text_of(staff.post(address)) for address in downloads()}
    for act in ACTS:
        try:
            address = reverse(f"admin:accounts_user_{act}", args=[person.pk])
        except NoReverseMatch:
            continue
        for reason in set(AccessRecord.Reason.values):
            answer = staff.post(address, {"reason": reason, "reference": "TICKET-7"}, follow=True)
            found[f"POST {address} {reason}"] = text_of(answer)
    return found


def values_in(found: dict[str, str]) -> list[tuple[str, str]]:
    return [(address, value) for address, text in found.items() for value in (NAME, PHONE, GUARDIAN) if value in text]


@pytest.mark.parametrize("why", ProcessingRestriction.Why.values)
def test_no_route_of_staff_shows_a_value(person: User, why: str):
    restrict_processing(subject=person.subject, why=why)
    found = shown_to_staff(person)
    assert len(found) > 60
    assert values_in(found) == []


def test_without_a_restriction_opening_shows_them(person: User):
    """The test above would find them."""
    assert {value for _address, value in values_in(shown_to_staff(person))} >= {NAME, PHONE}
