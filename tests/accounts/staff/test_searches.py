"""Every search for people in the admin is counted and noted: by what kind of thing, never for whom."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.staff.searches import kind_of_search
from accounts.tries.limits import LIMITS
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.erasure.services import cancel_account
from privacy.inventory.declarations import record_of
from tests.erasures import asked, erase
from tests.factories import make_person, make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db
PHONE = "+381641112233"
FIND, CASES = "/admin/accounts/user/", "/admin/privacy/erasurecase/"


@pytest.fixture
def officer() -> Client:
    return client_of(make_staff("Privacy officer", "Reviewer"))


@pytest.fixture
def person() -> User:
    return make_person(phone=PHONE)


def lists() -> list[str]:
    """The lists of people's rows that can be searched."""
    return [
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for model, model_admin in admin.site._registry.items()
        if model_admin.search_fields and record_of(model)
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("+381 64 111 22 33", "phone number"),
        ("maria@example.com", "e-mail address"),
        ("6f1f8a52-6d5d-4b8e-9d0c-0f3d3d1d1d1d", "number"),
        ("7KQ2M-0XW4D-P9TRA-H3VBC", "reference"),
        ("maria", "username or other text"),
        ("", "username or other text"),
    ],
)
def test_the_kind_of_a_search_follows_from_the_shape(text: str, kind: str):
    assert kind_of_search(text) == kind


def test_a_search_for_people_is_logged_by_kind_with_or_without_a_result(officer: Client, person: User):
    for who in (PHONE, person.username, "nobody@example.com"):
        officer.post(FIND, {"who": who})
    said = list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True))
    assert said == [
        "searched by phone number: found",
        "searched by username or other text: found",
        "searched by e-mail address: found nobody",
    ]
    assert AccessRecord.objects.filter(subject=person.subject, act="found", reason="search").count() == 2


def test_a_search_in_a_list_is_noted_as_well_and_the_person_sees_it(officer: Client, person: User):
    case = cancel_account(subject=person.subject)
    officer.get(CASES, {"q": case.reference})
    officer.get("/admin/privacy/consentrecord/", {"q": str(person.subject_id)})
    officer.get("/admin/privacy/consentrecord/", {"q": "00000000-0000-0000-0000-000000000000"})
    officer.get(CASES)
    said = list(LogEntry.objects.order_by("pk").values_list("change_message", "content_type__model"))
    assert said == [
        ("searched by reference: found", "erasurecase"),
        ("searched by number: found", "consentrecord"),
        ("searched by number: found nobody", "consentrecord"),
    ]
    assert AccessRecord.objects.filter(subject=person.subject, act="found").count() == 2


def test_a_search_for_an_erased_person_is_logged(officer: Client, person: User):
    case = erase(person)
    assert officer.get(CASES, {"q": case.reference}).status_code == 200
    assert AccessRecord.objects.get().subject_id == person.subject_id


def test_every_list_of_people_notes_what_was_searched_and_keeps_no_term(person: User):
    boss = client_of(make_staff())
    asked(person)
    for path in lists():
        before = LogEntry.objects.count()
        boss.get(path, {"q": str(person.subject_id)})
        assert LogEntry.objects.count() == before + 1, path
    assert len(lists()) >= 6
    said = " ".join(f"{entry.object_repr} {entry.object_id} {entry.change_message}" for entry in LogEntry.objects.all())
    assert str(person.subject_id) not in said


def test_found_staff_accounts_are_not_recorded_as_people(officer: Client):
    member = make_staff("Support", username="member")
    asked(member)
    officer.get("/admin/privacy/legalhold/", {"q": str(member.subject_id)})
    assert LogEntry.objects.get().change_message == "searched by number: found"
    assert not AccessRecord.objects.exists()


def test_searches_of_every_list_share_one_limit_with_the_search_for_people(limits_on: None, officer: Client):
    most = LIMITS["staff_search"]["person"].count
    paths = lists()
    for number in range(most):
        path = paths[number % len(paths)]
        assert officer.get(path, {"q": f"{number}"}).status_code == 200
    answer = officer.get(CASES, {"q": "x"})
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
    assert officer.post(FIND, {"who": "nobody"}).status_code == 429
    assert officer.get(CASES).status_code == 200


def test_opening_people_is_limited_too(limits_on: None, officer: Client, person: User):
    address = f"{FIND}{person.pk}/open/"
    for _ in range(LIMITS["staff_open"]["person"].count):
        assert officer.post(address, {"reason": "request"}).status_code == 302
    assert officer.post(address, {"reason": "request"}).status_code == 429
    assert AccessRecord.objects.filter(act="opened").count() == LIMITS["staff_open"]["person"].count
