"""Two members of staff replace a lost phone number; a code to the new number verifies it."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import translation

from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import add_contact_point, verified_contacts
from accounts.profiles.models import Correction
from accounts.staff.models import SignInReset
from accounts.users.models import User
from privacy.notices.models import Notice
from tests.accounts.staff.resets.steps import (
    EMAIL,
    LOST_PHONE,
    NEW_PASSWORD,
    NEW_PHONE,
    PHONE,
    at,
    decide,
    propose,
    said,
    with_email,
)
from tests.administrators import with_phone
from tests.changes import contacts, notices_by_address
from tests.factories import PASSWORD, make_person, make_policy
from tests.sign_in_clients import client_of, newest_code

pytestmark = pytest.mark.django_db


def test_a_lost_phone_is_replaced_by_one_that_a_code_verifies_in_settings(person: User, support: User, officer: User):
    Authenticator.objects.filter(user=person).delete()
    reset = propose(support, person, LOST_PHONE)
    assert contacts(person) == {PHONE, EMAIL}
    decide(officer, reset)
    assert contacts(person) == {EMAIL}
    waiting = ContactPoint.objects.get(subject=person.subject, verified_at=None)
    assert waiting.value == NEW_PHONE
    reset.refresh_from_db()
    assert reset.new_phone is None
    assert (Correction.objects.get().field, Correction.objects.get().by) == ("phone", "staff")
    browser = Client()
    browser.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    browser.post("/settings/security/phone/", {"value": NEW_PHONE})
    browser.post("/settings/security/phone/code/", {"code": newest_code()})
    assert contacts(person) == {EMAIL, NEW_PHONE}


def test_the_lost_number_is_notified_without_a_link_and_the_new_one_not(person: User, support: User, officer: User):
    decide(officer, propose(support, person, LOST_PHONE))
    notices = notices_by_address()
    assert set(notices) == {PHONE, EMAIL}
    assert "undo_url" not in notices[PHONE]
    assert (notices[EMAIL]["what"], "undo_url" in notices[EMAIL]) == ("phone_reset", True)


def test_a_code_to_the_new_number_recovers_access_without_the_password(support: User, officer: User):
    person = make_person(phone=PHONE)
    decide(officer, propose(support, person, LOST_PHONE))
    assert contacts(person) == set()
    browser = Client()
    browser.post("/recover/", {"login": PHONE})
    assert newest_code("recovery_code") == ""
    browser.post("/recover/", {"login": NEW_PHONE})
    browser.post("/recover/code/", {"code": newest_code("recovery_code")})
    browser.post("/recover/password/", {"password": NEW_PASSWORD})
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)
    assert contacts(person) == {NEW_PHONE}


def test_a_number_that_waits_for_its_code_recovers_nothing_unless_staff_put_it_there(person: User):
    add_contact_point(subject=person.subject, field="phone", value=NEW_PHONE)
    Client().post("/recover/", {"login": NEW_PHONE})
    assert newest_code("recovery_code") == ""


def test_a_new_number_does_not_sign_in_without_a_password(support: User, officer: User):
    decide(officer, propose(support, make_person(phone=PHONE), LOST_PHONE))
    Client().post("/sign-in/code/", {"login": NEW_PHONE})
    assert newest_code("sign_in_code") == ""


def test_the_first_person_to_verify_a_number_keeps_it(support: User, officer: User):
    person = make_person(phone=PHONE)
    decide(officer, propose(support, person, LOST_PHONE))
    other = with_phone(make_person(), "+4915123450009")
    ContactPoint.objects.filter(subject=other.subject).delete()
    with_phone(other, NEW_PHONE)
    browser = Client()
    browser.post("/recover/", {"login": NEW_PHONE})
    browser.post("/recover/code/", {"code": newest_code("recovery_code")})
    browser.post("/recover/password/", {"password": NEW_PASSWORD})
    person.refresh_from_db()
    assert not person.check_password(NEW_PASSWORD)


def test_staff_cannot_enter_their_own_number(person: User, support: User):
    with_phone(support, NEW_PHONE)
    answer = client_of(support).post(at(person, "propose-reset"), LOST_PHONE, follow=True)
    assert "already belongs to an account" in said(answer)
    assert not SignInReset.objects.exists()


def test_the_new_number_is_masked_until_the_person_was_opened(person: User, support: User, officer: User):
    propose(support, person, LOST_PHONE)
    client = client_of(officer)
    page = said(client.get(at(person)))
    assert "support" in page
    assert NEW_PHONE not in page
    client.post(at(person, "open"), {"reason": "request"})
    assert NEW_PHONE in said(client.get(at(person)))
    assert str(support.pk) not in page


def test_the_notice_is_in_the_language_of_the_consent(support: User, officer: User):
    make_policy("intl", language="zh-hans")
    person = make_person(phone=PHONE)
    with_email(person)
    with translation.override("en"):
        decide(officer, propose(support, person, LOST_PHONE))
    assert set(Notice.objects.filter(template__contains="changed").values_list("language", flat=True)) == {"zh-hans"}


def test_verified_contacts_stay_one_to_a_field(person: User, support: User, officer: User):
    decide(officer, propose(support, person, LOST_PHONE))
    assert [contact.field for contact in verified_contacts(person.subject_id)] == ["email"]
