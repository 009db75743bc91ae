"""An erased enterprise stays erased: the database refuses memberships and invitations of it, and of erased members."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now

from accounts.enterprises.models import Invitation, Membership
from accounts.enterprises.services import leave, remove
from accounts.users.models import User
from tests.enterprises import make_enterprise, make_member
from tests.erasures import erase, held
from tests.factories import make_person


def invitation(enterprise: User) -> None:
    Invitation.objects.bulk_create(
        [Invitation(enterprise=enterprise.subject, role="member", token_hash=b"x" * 32, expires_at=Now())]
    )


def membership(enterprise: User, person: User) -> None:
    Membership.objects.bulk_create([Membership(enterprise=enterprise.subject, subject=person.subject, role="owner")])


WRITES: dict[str, Callable[[User], object]] = {
    "membership": lambda erased: membership(erased, make_person()),
    "invitation": invitation,
    "moved": lambda erased: Membership.objects.filter(pk=make_member(make_enterprise())[1].pk).update(
        enterprise=erased.subject
    ),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_row_of_an_erased_enterprise_is_refused(name: str):
    erased = make_enterprise()
    erase(erased)
    with pytest.raises(DatabaseError, match="late write"), transaction.atomic():
        WRITES[name](erased)
    assert not Membership.objects.filter(enterprise=erased.subject_id).exists()
    assert not Invitation.objects.filter(enterprise=erased.subject_id).exists()


def test_a_membership_of_an_erased_member_is_refused():
    enterprise, person = make_enterprise(), make_person()
    erase(person)
    with pytest.raises(DatabaseError, match="late write"), transaction.atomic():
        membership(enterprise, person)


def test_a_member_of_an_enterprise_under_a_legal_hold_may_still_leave():
    enterprise = make_enterprise()
    person, member = make_member(enterprise)
    held(enterprise, "account")
    erase(enterprise)
    assert Membership.objects.get() == member
    leave(subject=person.subject)
    assert Membership.objects.get().ended_at


def test_an_owner_removes_a_member_who_was_erased_under_a_legal_hold():
    enterprise = make_enterprise()
    person, member = make_member(enterprise)
    held(person, "security")
    erase(person)
    remove(by=enterprise.subject, number=member.pk)
    assert Membership.objects.get().ended_at


@pytest.mark.postgres
def test_a_replica_refuses_a_membership_of_an_erased_enterprise_too():
    erased, person = make_enterprise(), make_person()
    erase(erased)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        with pytest.raises(DatabaseError, match="late write"), transaction.atomic():
            membership(erased, person)
        cursor.execute("SET LOCAL session_replication_role = origin")
