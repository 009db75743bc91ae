"""A restore gives no one access again: not former members, former owners, or people whose invitation was withdrawn."""

import pytest

from accounts.enterprises.models import Invitation, Membership
from accounts.enterprises.queries import NotOfAnEnterprise, has_offer, membership_of, standing_of
from accounts.enterprises.services import (
    InvitationGone,
    NoOffer,
    answer_offer,
    change_role,
    join,
    leave,
    offer_ownership,
    remove,
    withdraw_invitation,
)
from accounts.security_events.models import SecurityEvent
from accounts.users.models import User
from privacy.erasure.replay import replay_erasures
from privacy.journal.models import JournalEntry
from privacy.notices.models import Notice
from tests import journal
from tests.enterprises import invited, make_enterprise, make_member
from tests.erasures import erase
from tests.factories import make_person
from tests.privacy.erasure.restores import restored_after


@pytest.fixture
def enterprise() -> User:
    return make_enterprise()


def test_who_left_or_was_removed_is_no_member_again(enterprise: User):
    (leaver, left), (removed, member), (stayer, _own) = (make_member(enterprise) for _ in range(3))
    with restored_after():
        leave(subject=leaver.subject)
        remove(by=enterprise.subject, number=member.pk)
        ended = dict(Membership.objects.filter(ended_at__isnull=False).values_list("pk", "ended_at"))
    assert Membership.objects.filter(ended_at=None).count() == 3
    events, notices = SecurityEvent.objects.count(), Notice.objects.count()
    assert replay_erasures().counts["members"] == 2
    assert dict(Membership.objects.filter(ended_at__isnull=False).values_list("pk", "ended_at")) == ended
    assert set(ended) == {left.pk, member.pk}
    for person in (leaver, removed):
        with pytest.raises(NotOfAnEnterprise):
            standing_of(person.subject)
    assert standing_of(stayer.subject).role == "member"
    assert Membership.objects.get(pk=left.pk).invited_at_address is None
    assert (SecurityEvent.objects.count(), Notice.objects.count()) == (events, notices)


def test_an_ownership_that_was_handed_over_stays_with_the_new_owner(enterprise: User):
    (owner, _own), (heir, member) = make_member(enterprise, "owner"), make_member(enterprise)
    with restored_after():
        offer_ownership(by=owner.subject, number=member.pk, hands_over=True)
        answer_offer(subject=heir.subject, agrees=True)
    assert standing_of(owner.subject).role == "owner"
    assert replay_erasures().counts["members"] == 2
    assert (standing_of(owner.subject).role, standing_of(heir.subject).role) == ("administrator", "owner")
    assert replay_erasures().counts["members"] == 0


def test_the_newest_of_several_roles_counts(enterprise: User):
    person, member = make_member(enterprise)
    change_role(by=enterprise.subject, number=member.pk, role="administrator")
    with restored_after():
        change_role(by=enterprise.subject, number=member.pk, role="member")
    assert standing_of(person.subject).role == "administrator"
    replay_erasures()
    assert standing_of(person.subject).role == "member"


def test_a_second_restore_of_the_same_backup_ends_it_again(enterprise: User):
    person, member = make_member(enterprise, "administrator")
    with restored_after():
        with restored_after():
            leave(subject=person.subject)
        replay_erasures()
    assert membership_of(person.subject_id) == member
    replay_erasures()
    assert membership_of(person.subject_id) is None
    assert JournalEntry.objects.filter(kind="member_ended").count() == 1


def test_who_joined_again_after_leaving_stays_a_member(enterprise: User):
    person, _left = make_member(enterprise)
    leave(subject=person.subject)
    again = join(subject=person.subject, token=invited(enterprise))
    with restored_after():
        pass
    replay_erasures()
    assert membership_of(person.subject_id) == again


def test_open_invitations_and_offers_end(enterprise: User):
    secret, other = invited(enterprise), invited(enterprise)
    person, member = make_member(enterprise)
    offer_ownership(by=enterprise.subject, number=member.pk, hands_over=False)
    with restored_after():
        withdraw_invitation(
            by=enterprise.subject, number=Invitation.objects.filter(used_at=None).earliest("invited_at").pk
        )
        answer_offer(subject=person.subject, agrees=False)
    assert has_offer(member)
    assert replay_erasures().counts["members"] == 3
    for each in (secret, other):
        with pytest.raises(InvitationGone):
            join(subject=make_person().subject, token=each)
    with pytest.raises(NoOffer):
        answer_offer(subject=person.subject, agrees=True)
    assert set(Invitation.objects.values_list("address", "address_index")) == {(None, None)}


def test_the_membership_of_someone_who_joined_after_the_backup_is_lost_and_gives_no_one_a_role(enterprise: User):
    owner, _own = make_member(enterprise, "owner")
    with restored_after():
        heir, member = make_member(enterprise)
        offer_ownership(by=owner.subject, number=member.pk, hands_over=True)
        answer_offer(subject=heir.subject, agrees=True)
    replay_erasures()
    assert not Membership.objects.filter(role="owner").exists()
    assert standing_of(enterprise.subject).role == "owner"
    assert standing_of(owner.subject).role == "administrator"


def test_who_left_and_was_erased_stays_erased(enterprise: User):
    person, _member = make_member(enterprise)
    with restored_after():
        leave(subject=person.subject)
        erase(person)
    replay_erasures()
    assert not Membership.objects.exists()


def test_the_journal_has_numbers_and_roles_only(enterprise: User):
    person, member = make_member(enterprise)
    with restored_after():
        change_role(by=enterprise.subject, number=member.pk, role="administrator")
        leave(subject=person.subject)
    [changed, ended] = journal.text("erasures").splitlines()[-2:]
    assert '"role":"administrator"' in changed.replace(" ", "")
    for line in (changed, ended):
        assert str(member.pk) in line
        assert str(enterprise.subject_id) not in line
        assert "example.com" not in line
