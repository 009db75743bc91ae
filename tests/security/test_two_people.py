"""Two accounts of one person do not count as two people."""

import datetime as dt
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.contact_points.services import ContactTaken, add_contact_point
from accounts.staff.identities import marks_of_staff
from accounts.staff.models import StaffProposal, StaffVouch
from accounts.staff.staff_accounts import StaffChangeRefused, confirm_staff_change, propose_staff_change, vouch_for
from accounts.users.models import User
from privacy.access.two_people import NotTwoPeople, check_two_people
from privacy.holds.services import HoldRefused, approve_hold, ask_for_hold, refuse_hold
from privacy.policies.citations import confirm_citations, state_of_draft
from privacy.policies.services import SamePerson, confirm_publication, import_policy, propose_publication
from tests.administrators import STAFF_PAGE, unknown, with_phone
from tests.factories import make_person, make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def first() -> User:
    return make_staff(username="first")


@pytest.fixture
def member() -> User:
    return make_staff("Support", "Reviewer", username="member")


# Two accounts of one person.


def draft():
    version = import_policy(content=b"# P\n\n1.1 x", file_name="p.md", jurisdiction="cn", label="1", language="en")
    confirm_citations(version=version, cited={}, by=None)
    return version


def confirm_as(proposer: User, confirmer: User):
    version = draft()
    proposal = propose_publication(version=version, by=proposer.pk, material=True, effective_at=None)
    return confirm_publication(version=version, by=confirmer.pk, proposed_at=proposal.proposed_at)


def asked(by: User):
    until = timezone.now() + dt.timedelta(days=30)
    subject = make_person().subject
    law = {"exception": "1.7.3", "legal_basis": "Order 12/2026", "classes": ["account"]}
    return ask_for_hold(subject=subject, until=until, by=by.pk, **law)


def test_an_unvouched_account_neither_proposes_nor_confirms_a_publication(first: User):
    for proposer, confirmer in ((unknown("a"), first), (first, unknown("b"))):
        with pytest.raises(SamePerson):
            confirm_as(proposer, confirmer)


def test_an_unvouched_account_neither_requests_nor_decides_a_hold(first: User):
    nobody = unknown("a")
    for decide in (approve_hold, refuse_hold):
        with pytest.raises(HoldRefused):
            decide(hold=asked(first), by=nobody.pk)
        with pytest.raises(HoldRefused):
            decide(hold=asked(nobody), by=first.pk)


def test_a_staff_change_proposed_by_an_unvouched_account_is_refused(first: User, member: User):
    proposal = propose_staff_change(member=member, act="deactivate", by=unknown("a"))
    with pytest.raises(StaffChangeRefused):
        confirm_staff_change(proposal=proposal, by=first)


def test_an_unvouched_member_of_staff_gets_the_reason(first: User, member: User):
    until, version = f"{timezone.now() + dt.timedelta(days=30):%Y-%m-%d %H:%M:%S}", draft()
    hold = {"subject": str(make_person().subject_id), "exception": "1.7.3", "legal_basis": "Order 12/2026"}
    asks = [
        (f"{STAFF_PAGE}{member.pk}/propose/", {"act": "deactivate"}),
        ("/admin/privacy/legalhold/add/", hold | {"classes": ["account"], "until": until}),
        (
            f"/admin/privacy/policyversion/{version.pk}/propose/",
            {"change": "material", "shown": state_of_draft(version)},
        ),
    ]
    for path, form in asks:
        for user, is_told in ((unknown(f"a{uuid4().hex[:8]}"), True), (first, False)):
            page = client_of(user).post(path, form, follow=True).content.decode()
            assert "Proposed." in page or "Requested." in page
            assert ("No one can confirm this yet" in page) == is_told, path
            StaffProposal.objects.all().delete()


def test_open_proposals_are_on_the_first_page(first: User, member: User):
    assert "waiting for a second administrator" not in client_of(first).get("/admin/").content.decode()
    propose_staff_change(member=member, act="deactivate", by=first)
    assert "1 change is waiting for a second administrator." in client_of(first).get("/admin/").content.decode()
    assert "waiting for a second administrator" not in client_of(member).get("/admin/").content.decode()


def test_two_accounts_with_a_verified_contact_point_each_are_two_people():
    one, other = with_phone(unknown("a"), "+4915123450001"), with_phone(unknown("b"), "+4915123450002")
    assert confirm_as(one, other).is_published


def test_two_accounts_cannot_share_a_verified_contact_point():
    one, other = with_phone(unknown("a"), "+4915123450001"), unknown("b")
    with pytest.raises(ContactTaken):
        with_phone(other, "+4915123450001")
    with pytest.raises(NotTwoPeople):
        check_two_people(first=one.pk, second=other.pk)


def test_a_contact_point_that_waits_for_its_code_does_not_count():
    one, other = with_phone(unknown("a"), "+4915123450001"), unknown("b")
    add_contact_point(subject=other.subject, field="phone", value="+4915123450002")
    with pytest.raises(NotTwoPeople):
        check_two_people(first=one.pk, second=other.pk)


def test_a_deleted_account_has_no_identity(first: User):
    assert marks_of_staff(uuid4(), first.pk) == ()


def test_an_administrator_vouches_and_it_is_recorded(first: User):
    with_phone(first, "+4915123450001")
    one, other = unknown("a"), with_phone(unknown("b"), "+4915123450002")
    client_of(first).post(f"{STAFF_PAGE}{one.pk}/vouch/", {"known": "on"})
    assert StaffVouch.objects.get(member=one).vouched_by == first.pk
    check_two_people(first=one.pk, second=other.pk)


def test_a_vouch_of_the_other_hand_does_not_count(first: User):
    with_phone(first, "+4915123450001")
    one = unknown("a")
    vouch_for(member=one, by=first)
    with pytest.raises(NotTwoPeople):
        check_two_people(first=one.pk, second=first.pk)


def test_an_administrator_cannot_vouch_for_themselves_or_without_an_identity():
    one = with_phone(unknown("a"), "+4915123450001")
    for by in (one, unknown("b")):
        with pytest.raises(StaffChangeRefused):
            vouch_for(member=one, by=by)


def test_a_page_says_why_a_second_account_does_not_confirm(first: User):
    version = draft()
    proposal = propose_publication(version=version, by=first.pk, material=True, effective_at=None)
    client: Client = client_of(unknown("b"))
    address = f"/admin/privacy/policyversion/{version.pk}/confirm/"
    page = client.post(address, {"proposed_at": proposal.proposed_at.isoformat()}, follow=True).content.decode()
    assert "ask an administrator to vouch for you" in page
