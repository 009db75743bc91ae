"""Sign-in and security: fresh sign-in, passwords, sessions, contact points that change only once verified."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.contact_points.codes import TRIES
from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import add_contact_point, verified_contacts
from accounts.profiles.models import Correction
from accounts.sessions.models import Session
from accounts.users.models import User
from privacy.notices.models import Notice
from tests.factories import PASSWORD, make_person, make_staff, make_user
from tests.sign_in_clients import client_of, newest_code

NEW = "Granite-Piano-River-77"


@pytest.fixture
def person() -> User:
    return make_person(phone="+4915123456789")


def test_a_session_is_ciphertext_in_the_table_and_knows_its_subject(signed_in: Client, person: User):
    session = signed_in.session
    session["planted"] = "Désirée Größenwahn"
    session.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM accounts_session")
        kept = "".join(str(row[0]) for row in cursor.fetchall())
    assert "D\u00e9sir" not in kept
    assert "Größenwahn".encode().hex() not in kept
    assert Session.objects.get().subject_id == person.subject_id


def test_a_tampered_session_is_anonymous(signed_in: Client):
    Session.objects.update(session_data="00" * 40)
    assert signed_in.get("/home/").status_code == 302


def test_cancelling_asks_for_the_password_again_after_a_while(signed_in: Client):
    assert signed_in.get("/settings/cancel/").status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        answer = signed_in.get("/settings/cancel/")
        assert answer.headers["Location"] == "/sign-in/again/?next=%2Fsettings%2Fcancel%2F"
        wrong = signed_in.post("/sign-in/again/?next=/settings/cancel/", {"password": "wrong"})
        assert "This password is wrong" in wrong.content.decode()
        right = signed_in.post("/sign-in/again/?next=/settings/cancel/", {"password": PASSWORD})
        assert right.headers["Location"] == "/settings/cancel/"


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(signed_in: Client, person: User):
    other = Client()
    other.force_login(person)
    signed_in.post("/settings/security/password/", {"current": PASSWORD, "password": NEW})
    assert signed_in.get("/home/").status_code == 200
    assert other.get("/home/").status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)


def test_a_new_password_needs_the_old_one(signed_in: Client, person: User):
    page = signed_in.post("/settings/security/password/", {"current": "wrong", "password": NEW}).content.decode()
    assert "This password is wrong" in page
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_new_number_counts_only_once_its_code_was_given(signed_in: Client, person: User):
    Notice.objects.all().delete()
    signed_in.post("/settings/security/phone/", {"value": "+49 1512 3450001"})
    assert [contact.value for contact in verified_contacts(person.subject_id)] == ["+4915123456789"]
    signed_in.post("/settings/security/phone/code/", {"code": newest_code()})
    assert [contact.value for contact in verified_contacts(person.subject_id)] == ["+4915123450001"]
    notices = Notice.objects.get(template="contact_changed")
    assert notices.address == "+4915123456789"
    assert [(row.field, row.by) for row in Correction.objects.all()] == [("phone", "self")]


def test_the_number_of_another_person_gets_no_code(signed_in: Client, person: User):
    make_person(phone="+4915123450001")
    Notice.objects.all().delete()
    answer = signed_in.post("/settings/security/phone/", {"value": "+4915123450001"})
    assert answer.headers["Location"] == "/settings/security/phone/code/"
    assert list(Notice.objects.values_list("template", flat=True)) == ["already_registered"]
    assert ContactPoint.objects.get(subject_id=person.subject_id, verified_at__isnull=False).value == "+4915123456789"


def test_a_code_is_said_to_be_sent_only_once_it_was(signed_in: Client, person: User):
    add_contact_point(subject=person.subject, field="email", value="maria@example.com")
    page = signed_in.get("/settings/security/email/code/").content.decode()
    assert "There is no valid code for <strong>m••••@example.com</strong>." in page
    assert 'name="code"' not in page
    signed_in.post("/settings/security/email/code/", {"again": "yes"})
    page = signed_in.get("/settings/security/email/code/").content.decode()
    assert "We sent a 6-digit code to <strong>m••••@example.com</strong>." in page
    signed_in.post("/settings/security/email/code/", {"code": newest_code()})
    assert {contact.field for contact in verified_contacts(person.subject_id)} == {"phone", "email"}


def test_who_typed_a_code_until_it_ended_is_offered_a_new_one(signed_in: Client, person: User):
    signed_in.post("/settings/security/phone/", {"value": "+49 1512 3450001"})
    wrong = f"{(int(newest_code()) + 1) % 1_000_000:06}"
    for _try in range(TRIES):
        page = signed_in.post("/settings/security/phone/code/", {"code": wrong}).content.decode()
    assert "This code is wrong or has expired" in page
    assert "There is no valid code for" in page


def test_a_field_that_is_no_contact_point_is_not_there(signed_in: Client):
    assert signed_in.get("/settings/security/country/").status_code == 404
    assert signed_in.get("/settings/security/enterprise_email/").status_code == 404


@pytest.mark.parametrize(
    "path", ["/home/", "/settings/profile/", "/settings/security/", "/settings/privacy/", "/settings/cancel/"]
)
def test_pages_of_a_person_are_not_cached_and_need_a_sign_in(client: Client, signed_in: Client, path: str):
    assert "no-store" in signed_in.get(path).headers["Cache-Control"]
    assert Client().get(path).headers["Location"].startswith("/sign-in/")


def test_staff_have_the_same_pages(client: Client):
    client.force_login(make_user())
    assert client.get("/settings/security/").status_code == 200
    assert client.get("/settings/profile/").status_code == 200


@pytest.mark.parametrize("page", ["security", "profile", "privacy"])
def test_staff_are_asked_for_no_personal_data_and_have_none_to_cancel(signed_in: Client, page: str):
    officer = client_of(make_staff())
    shown = officer.get(f"/settings/{page}/").content.decode()
    assert "Cancel account" not in shown
    assert "cancel the account" not in shown
    assert "You cannot register" not in shown
    assert "Cancel account" in signed_in.get(f"/settings/{page}/").content.decode()


def test_the_row_of_a_contact_that_waits_begins_with_it(signed_in: Client, person: User):
    add_contact_point(subject=person.subject, field="email", value="maria@example.com")
    row = signed_in.get("/settings/security/").content.decode().split("<u>E-mail</u>")[1].split("</dd>")[0]
    assert "<br>" not in row
    assert "maria@example.com <span" in row
    assert "Not verified" in row
