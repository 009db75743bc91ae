"""A link works once, for seven days; a person joins by an act of their own, or declines without an account."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.enterprises.models import Invitation, Membership
from accounts.enterprises.queries import open_invitations
from accounts.enterprises.services import (
    MOST_OPEN,
    HasGuardian,
    InvitationGone,
    MemberAlready,
    OnlyIndividuals,
    TooManyInvitations,
    invite,
    join,
    withdraw_invitation,
)
from accounts.enterprises.tasks import delete_ended_invitations
from accounts.security_events.models import SecurityEvent
from accounts.users.models import User
from privacy.notices.models import Notice
from privacy.restriction.services import restrict_processing
from tests.copies import make_guardianship
from tests.enterprises import invited, make_enterprise, make_member, secret_of
from tests.factories import make_person
from tests.sign_in_clients import client_of, fresh_client_of


@pytest.fixture
def enterprise() -> User:
    return make_enterprise()


def test_an_invited_person_joins_once(enterprise: User):
    secret, person = invited(enterprise, "administrator", "maria@example.com"), make_person()
    made = join(subject=person.subject, token=secret)
    assert (made.role, made.enterprise, str(made.invited_at_address)) == (
        "administrator",
        enterprise.subject,
        "m••••@example.com",
    )
    with pytest.raises(InvitationGone):
        join(subject=make_person().subject, token=secret)
    assert {"enterprise_joined"} == set(kinds(person))
    assert {"member_invited", "member_joined"} == set(kinds(enterprise))
    told = Notice.objects.filter(subject__isnull=False)
    assert set(told.values_list("subject", "template")) == {
        (person.subject_id, "membership_changed"),
        (enterprise.subject_id, "members_changed"),
    }


def kinds(user: User) -> list[str]:
    return list(SecurityEvent.objects.filter(subject=user.subject_id).values_list("kind", flat=True))


def test_a_closed_invitation_keeps_no_address(enterprise: User):
    join(subject=make_person().subject, token=invited(enterprise))
    closed = Invitation.objects.get()
    assert closed.address is None
    assert closed.address_index is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=closed.pk).update(address_index="m@example.com")


def test_only_a_hash_of_the_secret_is_stored(enterprise: User):
    secret = invited(enterprise)
    row = Invitation.objects.values().get()
    assert all(secret.encode() not in bytes(str(value), "utf-8", "replace") for value in row.values())
    assert len(bytes(row["token_hash"])) == 32


def test_a_link_works_for_seven_days_and_its_row_is_deleted_a_week_later(enterprise: User):
    secret, end = invited(enterprise), Invitation.objects.get().expires_at
    assert dt.timedelta(days=6, hours=23) < end - timezone.now() <= dt.timedelta(days=7)
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    with pytest.raises(InvitationGone):
        join(subject=make_person().subject, token=secret)
    assert delete_ended_invitations() == 0
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(days=7, seconds=1))
    assert delete_ended_invitations() == 1


def test_a_withdrawn_invitation_is_gone(enterprise: User):
    secret = invited(enterprise)
    withdraw_invitation(by=enterprise.subject, number=Invitation.objects.get().pk)
    with pytest.raises(InvitationGone):
        join(subject=make_person().subject, token=secret)


def test_only_individuals_join_and_one_enterprise_at_a_time(enterprise: User):
    with pytest.raises(OnlyIndividuals):
        join(subject=make_enterprise().subject, token=invited(enterprise))
    person, member = make_member(enterprise)
    other = make_enterprise()
    with pytest.raises(MemberAlready):
        join(subject=person.subject, token=invited(other))
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(enterprise=other.subject, subject=person.subject, role="member")
    assert Membership.objects.get() == member


def test_a_child_for_whom_a_guardian_acts_does_not_join(enterprise: User):
    person, secret = make_person(), invited(enterprise)
    make_guardianship(person.subject, ended_at=None, ended_as="")
    with pytest.raises(HasGuardian):
        join(subject=person.subject, token=secret)
    assert not Membership.objects.exists()


def test_a_restricted_person_or_enterprise_does_nothing(enterprise: User):
    person, secret = make_person(), invited(enterprise)
    restrict_processing(subject=person.subject, why="request")
    with pytest.raises(OnlyIndividuals):
        join(subject=person.subject, token=secret)
    restrict_processing(subject=enterprise.subject, why="request")
    with pytest.raises(InvitationGone):
        join(subject=make_person().subject, token=secret)


def test_known_and_unknown_addresses_get_the_same_answer_and_message(enterprise: User):
    known, browser = make_person(phone="+381641234567"), fresh_client_of(enterprise)
    answers = [
        browser.post("/settings/enterprise/invite/", {"address": address, "role": "member"}, follow=True)
        for address in ("+381641234567", "+381641234568")
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    sent = Notice.objects.filter(template="enterprise_invitation")
    assert {(notice.subject_id, str(notice.address)) for notice in sent} == {
        (None, "+381641234567"),
        (None, "+381641234568"),
    }
    assert known.subject_id not in sent.values_list("subject", flat=True)


def test_an_enterprise_has_fifty_open_invitations_at_most(enterprise: User):
    for number in range(MOST_OPEN):
        invite(by=enterprise.subject, address=f"a{number}@example.com", role="member")
    with pytest.raises(TooManyInvitations):
        invite(by=enterprise.subject, address="more@example.com", role="member")


def test_a_person_sends_twenty_invitations_a_day(enterprise: User, settings: Any):
    settings.RATE_LIMITS = True
    client = fresh_client_of(enterprise)
    codes = [
        client.post("/settings/enterprise/invite/", {"address": f"b{n}@example.com", "role": "member"}).status_code
        for n in range(21)
    ]
    assert codes == [302] * 20 + [429]


def test_the_page_names_the_enterprise_and_opening_it_uses_nothing(enterprise: User):
    secret, stranger = invited(enterprise), Client()
    page = stranger.get(f"/enterprises/join/{secret}/")
    assert "Example Ltd" in page.content.decode()
    assert "Nothing of your profile" in page.content.decode()
    assert stranger.post(f"/enterprises/join/{secret}/", {"answer": "join"}).status_code == 403
    assert open_invitations(enterprise.subject_id).exists()
    person = make_person()
    joined = client_of(person).post(f"/enterprises/join/{secret}/", {"answer": "join"})
    assert joined["Location"] == "/settings/enterprise/"
    assert Membership.objects.get().subject == person.subject
    assert stranger.get(f"/enterprises/join/{secret}/").status_code == 410


def test_declining_needs_no_account(enterprise: User):
    secret, stranger = invited(enterprise), Client()
    declined = stranger.post(f"/enterprises/join/{secret}/", {"answer": "decline"})
    assert "You declined" in declined.content.decode()
    assert Invitation.objects.get().declined_at
    assert stranger.get(f"/enterprises/join/{secret}/").status_code == 410
    assert not Membership.objects.exists()


def test_the_message_does_not_carry_the_name_of_the_enterprise(enterprise: User):
    invited(enterprise, address="x@example.com")
    sent = Notice.objects.get(template="enterprise_invitation")
    assert "Example Ltd" not in str(sent.context)
    assert secret_of("x@example.com") in str(sent.context)
