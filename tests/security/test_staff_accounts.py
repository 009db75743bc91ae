"""Staff accounts: no one ends one alone, and two accounts of one person are not two people."""

import time

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.sessions.models import Session
from accounts.sessions.services import change_password
from accounts.staff import staff_accounts
from accounts.staff.models import StaffProposal
from accounts.staff.services import IsStaffAccount, cancel_person, end_all_sessions_of, open_person
from accounts.staff.staff_accounts import (
    LastAdministrator,
    StaffChangeRefused,
    confirm_staff_change,
    propose_staff_change,
)
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.erasure.models import ErasureCase
from tests.administrators import STAFF_PAGE, with_phone
from tests.app import App
from tests.factories import PASSWORD, make_person, make_staff
from tests.parallel import in_parallel
from tests.sign_in_clients import app_code, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
WHY = {"reason": "request", "reference": "T-1042"}


@pytest.fixture
def first() -> User:
    return make_staff(username="first")


@pytest.fixture
def second() -> User:
    return make_staff(username="second")


@pytest.fixture
def member() -> User:
    return make_staff("Support", "Reviewer", username="member")


# Staff are no people.


def test_the_search_of_people_finds_no_staff(first: User, member: User):
    with_phone(member, "+4915123456789")
    for who in ("member", "+4915123456789", str(member.pk), str(member.subject_id), "first", str(first.subject_id)):
        page = client_of(first).post("/admin/accounts/user/", {"who": who}, follow=True).content.decode()
        assert "No exact match" in page, who


def test_no_act_on_people_reaches_staff(first: User, member: User):
    client_of(member).get("/home/")
    acts = {"open": WHY, "correct": WHY, "end-sessions": WHY, "cancel": WHY | {"ground": "6.3.2"}}
    for target in (member, first):
        assert client_of(first).get(f"/admin/accounts/user/{target.pk}/change/").status_code == 404
        for act, form in acts.items():
            answer = client_of(first).post(
                f"/admin/accounts/user/{target.pk}/{act}/", {**form, "identity_verified": "on"}
            )
            assert answer.status_code == 404, act
    assert Session.objects.filter(subject=member.subject).exists()
    assert not ErasureCase.objects.exists()
    assert not AccessRecord.objects.exists()


def test_the_services_refuse_staff(first: User, member: User):
    for act in (open_person, end_all_sessions_of):
        with pytest.raises(IsStaffAccount):
            act(staff=first, user=member, **WHY)
    with pytest.raises(IsStaffAccount):
        cancel_person(staff=first, user=member, ground="6.3.2", **WHY)


# Their own page.


def test_only_administrators_see_the_page(first: User, member: User):
    assert client_of(member).get(STAFF_PAGE).status_code == 403
    page = client_of(first).get(STAFF_PAGE).content.decode()
    assert "member" in page
    assert "Reviewer, Support" in page


def propose(by: User, member: User, act: str) -> StaffProposal:
    client_of(by).post(f"{STAFF_PAGE}{member.pk}/propose/", {"act": act})
    return StaffProposal.objects.get(confirmed_at=None)


def confirm(by: User, proposal: StaffProposal) -> str:
    answer = client_of(by).post(f"{STAFF_PAGE}{proposal.pk}/confirm/", follow=True)
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def test_two_administrators_deactivate_a_member_of_staff(first: User, second: User, member: User):
    client = client_of(member)
    proposal = propose(first, member, "deactivate")
    assert "A second person must confirm, because you requested" in confirm(first, proposal)
    member.refresh_from_db()
    assert member.is_active
    assert "Done." in confirm(second, proposal)
    member.refresh_from_db()
    assert not member.is_active
    assert not member.groups.exists()
    assert client.get("/home/").status_code == 302


def test_two_administrators_remove_one_role(first: User, second: User, member: User):
    confirm(second, propose(first, member, "remove_role:Support"))
    assert [group.name for group in member.groups.all()] == ["Reviewer"]
    confirm(second, propose(first, second, "remove_role:Administrator"))
    second.refresh_from_db()
    assert not second.is_superuser


def test_two_administrators_end_sessions(first: User, second: User, member: User):
    client = client_of(member)
    confirm(second, propose(first, member, "end_sessions"))
    assert client.get("/home/").status_code == 302
    member.refresh_from_db()
    assert member.is_active


def test_the_last_administrator_stays(first: User, second: User):
    first_act = propose_staff_change(member=first, act="remove_role", role="Administrator", by=second)
    second_act = propose_staff_change(member=second, act="deactivate", by=first)
    confirm_staff_change(proposal=first_act, by=first)
    first.refresh_from_db()
    with pytest.raises(StaffChangeRefused):
        confirm_staff_change(proposal=second_act, by=first)
    with pytest.raises(LastAdministrator):
        propose_staff_change(member=second, act="remove_role", role="Administrator", by=second)


def test_a_proposal_of_a_former_administrator_is_not_carried_out(first: User, second: User):
    proposal = propose_staff_change(member=first, act="deactivate", by=second)
    User.objects.filter(pk=second.pk).update(is_superuser=False)
    with pytest.raises(StaffChangeRefused):
        confirm_staff_change(proposal=proposal, by=first)
    first.refresh_from_db()
    assert first.is_active


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_leave_an_administrator(first: User, second: User):
    third = make_staff(username="third")
    acts = [
        (propose_staff_change(member=first, act="deactivate", by=third), second),
        (propose_staff_change(member=second, act="deactivate", by=third), first),
    ]
    in_parallel(2, lambda number: confirm_staff_change(proposal=acts[number][0], by=acts[number][1]))
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_confirmation_and_a_change_of_the_password_wait_for_each_other(monkeypatch, first: User, second: User):
    proposal = propose_staff_change(member=first, act="deactivate", by=second)
    third, ended = make_staff(username="third"), staff_accounts._end_access
    monkeypatch.setattr(staff_accounts, "_end_access", lambda member: (time.sleep(0.5), ended(member)))
    acts = [
        lambda: confirm_staff_change(proposal=proposal, by=third),
        lambda: change_password(user=User.objects.get(pk=first.pk), password="Granite-Piano-River-77"),
    ]
    assert set(in_parallel(2, lambda number: acts[number]())) <= {"done", "BeginAgain"}


@pytest.mark.parametrize("state", ["locked_at", "temporary_password_until"])
def test_an_administrator_who_cannot_sign_in_does_not_count(first: User, second: User, state: str):
    User.objects.filter(pk=second.pk).update(**{state: timezone.now()})
    with pytest.raises(LastAdministrator):
        propose_staff_change(member=first, act="deactivate", by=first)


def test_only_administrators_propose_confirm_and_vouch(first: User, member: User):
    proposal = propose(first, member, "deactivate")
    client = client_of(member)
    for path in (f"{member.pk}/propose/", f"{first.pk}/vouch/", f"{proposal.pk}/confirm/", f"{proposal.pk}/withdraw/"):
        answer = client.post(f"{STAFF_PAGE}{path}", {"act": "deactivate", "known": "on"})
        assert answer.status_code == 403, path
    with pytest.raises(StaffChangeRefused):
        confirm_staff_change(proposal=proposal, by=member)


def test_people_cannot_be_proposed(first: User):
    person = make_person()
    answer = client_of(first).post(f"{STAFF_PAGE}{person.pk}/propose/", {"act": "deactivate"})
    assert answer.status_code == 404
    with pytest.raises(StaffChangeRefused):
        propose_staff_change(member=person, act="deactivate", by=first)


def test_the_database_refuses_one_person_as_both(first: User, member: User):
    proposal = propose(first, member, "deactivate")
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffProposal.objects.filter(pk=proposal.pk).update(confirmed_by=first.pk)


def test_a_deactivated_member_of_staff_does_not_sign_in(first: User, second: User, member: User):
    confirm(second, propose(first, member, "deactivate"))
    app = App()
    app.sign_in("member", PASSWORD)
    app.post("auth/second-factor", {"code": app_code()})
    assert app.get("me/contacts").status_code == 401


def test_staff_add_a_contact_point_under_their_settings(first: User):
    page = client_of(first).get("/settings/security/").content.decode()
    assert "/settings/security/phone/" in page
    assert "actions that need two people" in page
