"""A lost second factor or phone is replaced on a verified request by two members of staff; the person is notified."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client

from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.security_events.models import SecurityEvent
from accounts.sessions.models import Session
from accounts.staff.models import SignInReset
from accounts.staff.services import IsStaffAccount
from accounts.staff.sign_in_resets import open_resets, propose_reset
from accounts.staff.tasks import void_old_resets
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.erasure.services import cancel_account
from privacy.operations.roles import ROLES
from tests.accounts.staff.resets.steps import (
    EMAIL,
    FACTORS,
    LOST_PHONE,
    NEW_PHONE,
    PHONE,
    at,
    decide,
    propose,
    said,
)
from tests.administrators import with_phone
from tests.changes import contacts, link_at, notices_by_address, undo
from tests.factories import PASSWORD, give_second_factor, make_person, make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db


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


def test_every_contact_point_is_notified_and_both_lists_show_the_reset(person: User, support: User, officer: User):
    decide(officer, propose(support, person, FACTORS))
    assert set(notices_by_address()) == {PHONE, EMAIL}
    for notice in notices_by_address().values():
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


def test_the_link_in_the_notice_restores_every_factor(person: User, support: User, officer: User):
    decide(officer, propose(support, person, FACTORS))
    undo(link_at(EMAIL))
    assert Authenticator.objects.filter(user=person).get().type == "totp"
    person.refresh_from_db()
    assert person.locked_at


def test_the_proposer_cannot_confirm_nor_an_unvouched_account(person: User, officer: User):
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
def test_a_staff_account_cannot_be_reset_by_one_member_of_staff(support: User, officer: User, act: str):
    with_phone(support, PHONE)
    for staff in (support, officer):
        assert client_of(staff).post(at(support, "propose-reset"), FACTORS | {"act": act}).status_code == 404
        with pytest.raises(IsStaffAccount):
            propose_reset(staff=staff, user=support, act=act, proof="contact", phone=NEW_PHONE)
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


def test_a_proposal_of_a_member_who_lost_the_permission_is_refused(person: User, support: User, officer: User):
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
def test_an_invalid_form_shows_errors_and_proposes_nothing(
    person: User, support: User, form: dict[str, Any], problem: str
):
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


def test_the_first_page_says_what_waits_and_links_the_person(person: User, support: User, officer: User):
    propose(support, person, FACTORS)
    page = said(client_of(officer).get("/admin/"))
    assert f'<a href="{at(person)}">Turn off two-step verification</a>' in page
    assert "; proposed by support." in page
    assert "support.." not in page
    auditor = said(client_of(make_staff("Auditor", username="auditor")).get("/admin/"))
    assert at(person) not in auditor


def test_the_log_of_the_admin_holds_no_value(person: User, support: User, officer: User):
    decide(officer, propose(support, person, LOST_PHONE))
    log = " ".join(f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all())
    assert LogEntry.objects.count() == 2
    assert NEW_PHONE not in log
    assert PHONE not in log


def test_an_open_reset_is_on_the_persons_page(person: User, support: User):
    propose(support, person, LOST_PHONE)
    assert SignInReset.objects.filter(subject=person.subject).exists()
    page = said(client_of(support).get(at(person)))
    assert "Waiting for a second person" in page


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
