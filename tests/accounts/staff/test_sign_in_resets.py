"""A lost second factor or phone is replaced on a verified request by two members of staff; the person is notified."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import add_contact_point, mark_verified, verified_contacts
from accounts.profiles.models import Correction
from accounts.security_events.models import SecurityEvent
from accounts.sessions.models import Session
from accounts.staff.models import SignInReset, StaffProposal
from accounts.staff.services import IsStaffAccount
from accounts.staff.sign_in_resets import open_resets, propose_reset
from accounts.staff.tasks import void_old_resets
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.erasure.services import cancel_account
from privacy.notices.models import Notice
from privacy.operations.roles import ROLES
from tests.administrators import STAFF_PAGE, with_phone
from tests.changes import contacts, link_at, told, undo
from tests.factories import PASSWORD, give_second_factor, make_person, make_policy, make_staff
from tests.sign_in_clients import client_of, newest_code

pytestmark = pytest.mark.django_db
PHONE, NEW_PHONE, EMAIL = "+4915123456789", "+4915123450001", "maria@example.com"
NEW_PASSWORD = "Granite-Piano-River-77"
FACTORS = {"act": "factors", "proof": "contact", "reference": "T-1042", "identity_verified": "on"}
LOST_PHONE = FACTORS | {"act": "phone", "phone": NEW_PHONE, "proof": "document"}


@pytest.fixture
def person() -> User:
    person = make_person(phone=PHONE)
    with_email(person)
    RecoveryCodes.activate(give_second_factor(person))
    return person


@pytest.fixture
def support() -> User:
    return make_staff("Support", username="support")


@pytest.fixture
def officer() -> User:
    return make_staff("Privacy officer", username="officer")


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


def test_two_people_remove_lost_factors_and_the_password_alone_signs_in(person: User, support: User, officer: User):
    client_of(person).get("/home/")
    reset = propose(support, person, FACTORS)
    assert (reset.proof, reset.reference, reset.proposed_by, reset.new_phone) == ("contact", "T-1042", support.pk, None)
    assert Authenticator.objects.filter(user=person).count() == 2
    assert "We notified the person" in said(decide(officer, reset))
    assert not Authenticator.objects.filter(user=person).exists()
    assert not Session.objects.filter(subject=person.subject).exists()
    browser = Client()
    browser.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    assert browser.get("/home/").status_code == 200
    reset.refresh_from_db()
    assert (reset.state, reset.decided_by) == ("done", officer.pk)


def test_the_person_is_told_everywhere_and_reads_it_in_both_lists(person: User, support: User, officer: User):
    decide(officer, propose(support, person, FACTORS))
    assert set(told()) == {PHONE, EMAIL}
    for notice in told().values():
        assert (notice["what"], notice["device"]) == ("factors_reset", "Our staff")
        assert "undo_url" in notice
    event = SecurityEvent.objects.get(subject=person.subject, kind="factors_reset")
    assert event.device == "Our staff"
    acts = AccessRecord.objects.order_by("position").values_list("act", "reason", "reference", "role")
    assert list(acts) == [
        ("asked_reset", "request", "T-1042", "Support"),
        ("factors_reset", "request", "T-1042", "Privacy officer"),
    ]
    browser = client_of(person)
    assert "Turned off two-step verification" in browser.get("/settings/privacy/access/").content.decode()
    events = browser.get("/settings/security/events/").content.decode()
    assert "Two-step verification removed on request" in events
    assert "Our staff" in events


def test_who_did_not_ask_brings_every_factor_back_by_the_link(person: User, support: User, officer: User):
    decide(officer, propose(support, person, FACTORS))
    undo(link_at(EMAIL))
    assert Authenticator.objects.filter(user=person).get().type == "totp"
    person.refresh_from_db()
    assert person.locked_at


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


def test_the_lost_number_is_told_without_a_link_and_the_new_one_nothing(person: User, support: User, officer: User):
    decide(officer, propose(support, person, LOST_PHONE))
    notices = told()
    assert set(notices) == {PHONE, EMAIL}
    assert "undo_url" not in notices[PHONE]
    assert (notices[EMAIL]["what"], "undo_url" in notices[EMAIL]) == ("phone_reset", True)


def test_who_forgot_the_password_as_well_recovers_by_a_code_to_the_new_number(support: User, officer: User):
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


def test_a_new_number_signs_in_nobody_without_a_password(support: User, officer: User):
    decide(officer, propose(support, make_person(phone=PHONE), LOST_PHONE))
    Client().post("/sign-in/code/", {"login": NEW_PHONE})
    assert newest_code("sign_in_code") == ""


def test_who_verifies_the_number_first_keeps_it(support: User, officer: User):
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


def test_nobody_confirms_what_they_proposed_nor_with_a_second_account(person: User, officer: User):
    reset = propose(officer, person, FACTORS)
    assert "A second person must confirm" in said(decide(officer, reset))
    unknown = make_staff("Privacy officer", username="unknown", vouched=False)
    assert "ask an administrator to vouch for you" in said(decide(unknown, reset))
    reset.refresh_from_db()
    assert (reset.state, Authenticator.objects.filter(user=person).count()) == ("proposed", 2)


def test_the_database_insists_on_two_people(person: User, officer: User):
    reset = propose(officer, person, FACTORS)
    with pytest.raises(IntegrityError, match="two_people_reset"), transaction.atomic():
        SignInReset.objects.filter(pk=reset.pk).update(state="done", decided_by=officer.pk)


@pytest.mark.parametrize("act", ["factors", "phone"])
def test_nobody_resets_a_staff_account_not_their_own_either(support: User, officer: User, act: str):
    with_phone(support, PHONE)
    for staff in (support, officer):
        assert client_of(staff).post(at(support, "propose-reset"), FACTORS | {"act": act}).status_code == 404
        with pytest.raises(IsStaffAccount):
            propose_reset(staff=staff, user=support, act=act, proof="contact", phone=NEW_PHONE)
    assert not SignInReset.objects.exists()


def test_nobody_puts_their_own_number_into_an_account(person: User, support: User):
    with_phone(support, NEW_PHONE)
    answer = client_of(support).post(at(person, "propose-reset"), LOST_PHONE, follow=True)
    assert "already belongs to an account" in said(answer)
    assert not SignInReset.objects.exists()


def test_the_second_person_refuses_and_the_first_takes_back(person: User, support: User, officer: User):
    for by in (officer, support):
        reset = propose(support, person, LOST_PHONE)
        assert "Refused." in said(decide(by, reset, "refuse"))
        reset.refresh_from_db()
        assert (reset.state, reset.decided_by, reset.new_phone) == ("refused", by.pk, None)
        assert "This has already been decided." in said(decide(officer, reset))
    assert contacts(person) == {PHONE, EMAIL}
    assert (
        list(AccessRecord.objects.order_by("position").values_list("act", flat=True))
        == [
            "asked_reset",
            "refused_reset",
        ]
        * 2
    )


def test_a_proposal_is_too_old_after_a_week(person: User, support: User, officer: User):
    reset = propose(support, person, FACTORS)
    SignInReset.objects.update(proposed_at=F("proposed_at") - timedelta(days=8))
    assert "older than 7 days" in said(decide(officer, reset))
    assert Authenticator.objects.filter(user=person).exists()


def test_what_the_person_changed_meanwhile_stays(person: User, support: User, officer: User):
    factors = propose(support, person, FACTORS)
    Authenticator.objects.filter(user=person).delete()
    give_second_factor(person)
    assert "The person has changed this since" in said(decide(officer, factors))
    SignInReset.objects.all().delete()
    phone = propose(support, person, LOST_PHONE)
    mark_verified(add_contact_point(subject=person.subject, field="phone", value="+4915123450077"))
    assert "The person has changed this since" in said(decide(officer, phone))
    assert Authenticator.objects.filter(user=person).exists()


def test_who_lost_the_right_since_proposed_in_vain(person: User, support: User, officer: User):
    reset = propose(support, person, FACTORS)
    support.groups.clear()
    assert "no longer has permission" in said(decide(officer, reset))
    assert Authenticator.objects.filter(user=person).exists()


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        (FACTORS | {"identity_verified": ""}, "required"),
        (FACTORS | {"proof": ""}, "required"),
        (FACTORS | {"reference": "Maria P."}, "Enter a valid value"),
        (LOST_PHONE | {"phone": ""}, "phone number"),
        (LOST_PHONE | {"phone": "12"}, "phone number"),
        (FACTORS | {"act": "password"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_proposed(person: User, support: User, form: dict[str, Any], problem: str):
    answer = client_of(support).post(at(person, "propose-reset"), form)
    assert answer.status_code == 200
    assert problem in said(answer)
    assert not SignInReset.objects.exists()
    assert not AccessRecord.objects.exists()


def test_there_is_something_to_reset_and_once(support: User):
    person = make_person(phone=PHONE)
    client = client_of(support)
    assert "does not use two-step verification" in said(client.post(at(person, "propose-reset"), FACTORS, follow=True))
    client.post(at(person, "propose-reset"), LOST_PHONE)
    assert "already proposed" in said(client.post(at(person, "propose-reset"), LOST_PHONE, follow=True))
    ContactPoint.objects.filter(subject=person.subject).delete()
    SignInReset.objects.all().delete()
    assert "no phone number to replace" in said(client.post(at(person, "propose-reset"), LOST_PHONE, follow=True))
    cancel_account(subject=person.subject)
    assert "not in use" in said(client.post(at(person, "propose-reset"), LOST_PHONE, follow=True))


@pytest.mark.parametrize("role", ROLES)
def test_only_the_roles_of_the_table_propose_and_decide(person: User, role: str):
    staff = make_staff(role, username="somebody")
    proposed = client_of(staff).post(at(person, "propose-reset"), FACTORS).status_code
    assert proposed == (302 if role in ("Support", "Privacy officer") else 403)
    SignInReset.objects.all().delete()
    reset = propose(make_staff("Support", username="another"), person, FACTORS)
    for act in ("confirm", "refuse"):
        status = client_of(staff).post(f"/admin/accounts/user/{reset.pk}/{act}-reset/").status_code
        assert (status == 302) == (role == "Privacy officer"), act
        SignInReset.objects.update(state="proposed", decided_by=None, decided_at=None)


def test_the_new_number_is_masked_until_the_person_was_opened(person: User, support: User, officer: User):
    propose(support, person, LOST_PHONE)
    client = client_of(officer)
    page = said(client.get(at(person)))
    assert "support" in page
    assert NEW_PHONE not in page
    client.post(at(person, "open"), {"reason": "request"})
    assert NEW_PHONE in said(client.get(at(person)))
    assert str(support.pk) not in page


def test_the_first_page_says_what_waits_and_links_the_person(person: User, support: User, officer: User):
    propose(support, person, FACTORS)
    page = said(client_of(officer).get("/admin/"))
    assert f'<a href="{at(person)}">Turn off two-step verification</a>' in page
    assert "; proposed by support." in page
    assert "support.." not in page
    auditor = said(client_of(make_staff("Auditor", username="auditor")).get("/admin/"))
    assert at(person) not in auditor


def test_the_person_is_told_in_the_language_in_which_they_agreed(support: User, officer: User):
    make_policy("intl", language="zh-hans")
    person = make_person(phone=PHONE)
    with_email(person)
    with translation.override("en"):
        decide(officer, propose(support, person, LOST_PHONE))
    assert set(Notice.objects.filter(template__contains="changed").values_list("language", flat=True)) == {"zh-hans"}


def test_the_log_of_the_admin_holds_no_value(person: User, support: User, officer: User):
    decide(officer, propose(support, person, LOST_PHONE))
    log = " ".join(f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all())
    assert LogEntry.objects.count() == 2
    assert NEW_PHONE not in log
    assert PHONE not in log


def test_a_reset_goes_with_its_person(person: User, support: User):
    propose(support, person, LOST_PHONE)
    assert SignInReset.objects.filter(subject=person.subject).exists()
    page = said(client_of(support).get(at(person)))
    assert "Waiting for a second person" in page


# Of staff: two administrators, never for their own account.


def test_two_administrators_remove_the_lost_factors_of_a_third():
    first, second, member = make_staff(username="first"), make_staff(username="second"), make_staff("Support")
    client_of(first).post(f"{STAFF_PAGE}{member.pk}/propose/", {"act": "end_factors"})
    proposal = StaffProposal.objects.get()
    client_of(second).post(f"{STAFF_PAGE}{proposal.pk}/confirm/")
    assert not Authenticator.objects.filter(user=member).exists()
    assert SecurityEvent.objects.filter(subject=member.subject, kind="factors_reset").exists()


def test_no_administrator_does_it_to_their_own_account():
    first, second = make_staff(username="first"), make_staff(username="second")
    page = client_of(first).post(f"{STAFF_PAGE}{first.pk}/propose/", {"act": "end_factors"}, follow=True)
    assert "Two other administrators must do this" in said(page)
    client_of(second).post(f"{STAFF_PAGE}{first.pk}/propose/", {"act": "end_factors"})
    page = client_of(first).post(f"{STAFF_PAGE}{StaffProposal.objects.get().pk}/confirm/", follow=True)
    assert "Two other administrators must do this" in said(page)
    assert Authenticator.objects.filter(user=first).exists()


def test_the_page_of_staff_accounts_says_who_proposed():
    first, member = make_staff(username="first"), make_staff("Support", username="member")
    client_of(first).post(f"{STAFF_PAGE}{member.pk}/propose/", {"act": "end_sessions"})
    page = said(client_of(make_staff(username="second")).get(STAFF_PAGE))
    assert "<td>first<br>" in page


def test_the_page_of_staff_accounts_says_who_vouched():
    first, member = with_phone(make_staff(username="first"), PHONE), make_staff(username="member", vouched=False)
    page = said(client_of(first).get(STAFF_PAGE))
    assert "not known" in page
    assert "first vouched" not in page
    page = said(client_of(first).post(f"{STAFF_PAGE}{member.pk}/vouch/", {"known": "on"}, follow=True))
    assert "first vouched" in page
    client_of(make_staff(username="third")).get(STAFF_PAGE)
    assert "administrator vouched" in said(client_of(first).get(STAFF_PAGE))


def test_verified_contacts_stay_one_to_a_field(person: User, support: User, officer: User):
    decide(officer, propose(support, person, LOST_PHONE))
    assert [contact.field for contact in verified_contacts(person.subject_id)] == ["email"]


def test_a_proposal_older_than_a_week_is_void_and_makes_room_for_another(person: User, support: User, officer: User):
    old = propose(support, person, LOST_PHONE)
    SignInReset.objects.update(proposed_at=F("proposed_at") - timedelta(days=8))
    assert open_resets() == []
    new = propose(support, person, LOST_PHONE)
    old.refresh_from_db()
    assert (old.state, old.new_phone, new.state) == ("refused", None, "proposed")
    SignInReset.objects.update(proposed_at=F("proposed_at") - timedelta(days=8))
    assert (void_old_resets(), void_old_resets()) == (1, 0)
    assert [reset.new_phone for reset in SignInReset.objects.all()] == [None, None]
