"""People whom a round could not write to are written to once they can be reached, and only once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.users.models import User
from privacy.announcements import postponing, writing
from privacy.announcements.models import Announcement, PostponedMessage
from privacy.announcements.services import announce, remind_people
from privacy.consent.services import accept_version, switch_purpose
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.notices.models import Notice
from privacy.policies.models import PolicyVersion
from tests.announcing import announce_all, pause, publish, written_to
from tests.erasures import due
from tests.factories import make_person, make_policy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _old_policy() -> None:
    make_policy(label="old")


def register_under_the_old_text() -> User:
    """Return a person who registered before the new version came into force."""
    return make_person(version=PolicyVersion.objects.get(label="old"))


def unverify(person: User) -> None:
    ContactPoint.objects.filter(subject_id=person.subject_id).update(verified_at=None)


def verify(person: User) -> None:
    ContactPoint.objects.filter(subject_id=person.subject_id).update(verified_at=timezone.now())


def sweep_for_days(days: int = 1) -> None:
    """Run the sweep a few times within some days."""
    for _sweep in range(3):
        pause(days=days / 3)
        announce()


def test_a_person_who_registers_after_the_round_passed_is_written_to_once():
    first = make_person()
    publish("new", in_days=30)
    announce_all()
    later = [register_under_the_old_text() for _each in range(20)]  # before and behind the cursor
    sweep_for_days()
    assert sorted(written_to()) == sorted(person.subject_id for person in [first, *later])
    announcement = Announcement.objects.get()
    assert (announcement.people, announcement.told, announcement.closed_at) == (21, 21, None)


def test_a_person_who_registers_during_the_round_is_written_to_once(settings):
    settings.ANNOUNCEMENTS_PER_MINUTE = 6
    people = [make_person() for _each in range(4)]
    publish("new", in_days=30)
    for _sweep in range(12):
        pause(seconds=10)
        announce()
        people += [register_under_the_old_text()] if len(people) < 10 else []
    sweep_for_days()
    assert sorted(written_to()) == sorted(person.subject_id for person in people)


def test_the_first_person_to_register_is_written_to():
    publish("new", in_days=30)
    announce_all()
    person = register_under_the_old_text()
    announce_all()
    assert written_to() == [person.subject_id]


def test_a_later_act_of_a_notified_person_is_no_registration():
    publish("new", in_days=30)
    person = register_under_the_old_text()
    announce_all()
    switch_purpose(subject=person.subject, key="product_news", on=True, channel="web")
    sweep_for_days()
    assert written_to() == [person.subject_id]


def test_a_new_person_is_written_to_once_their_contact_point_is_verified():
    publish("new", in_days=30)
    person = register_under_the_old_text()
    unverify(person)
    announce_all()
    assert written_to() == []
    verify(person)
    announce_all()
    assert written_to() == []
    pause(minutes=15)
    announce()
    assert written_to() == [person.subject_id]
    assert not PostponedMessage.objects.exists()


def test_a_person_who_undoes_a_cancellation_after_the_round_is_written_to_once():
    stays, cancelled, cancels_later = people = [make_person() for _each in range(3)]
    before = cancel_account(subject=cancelled.subject)
    publish("new")
    announce_all()
    assert sorted(written_to()) == sorted([stays.subject_id, cancels_later.subject_id])
    after = cancel_account(subject=cancels_later.subject)
    sweep_for_days()
    for case in (before, after):
        undo_cancellation(case=case)
    sweep_for_days()
    assert sorted(written_to()) == sorted(person.subject_id for person in people)
    announcement = Announcement.objects.get()
    assert (announcement.told, announcement.people) == (3, 3)


def test_a_person_who_cancels_before_the_round_reaches_them_is_counted_once():
    _stays, cancels = make_person(), make_person()
    publish("new")
    case = cancel_account(subject=cancels.subject)
    announce_all()
    announcement = Announcement.objects.get()
    assert (announcement.told, announcement.people) == (1, 1)
    undo_cancellation(case=case)
    sweep_for_days()
    announcement.refresh_from_db()
    assert (announcement.told, announcement.people) == (2, 2)


def test_postponed_messages_of_erased_or_agreeing_people_are_dropped():
    erased, agrees, stays = (make_person() for _each in range(3))
    case = cancel_account(subject=agrees.subject)
    other = cancel_account(subject=stays.subject)
    due(erased)
    version = publish("new")
    announce_all()
    assert PostponedMessage.objects.count() == 3
    erase_due_accounts()
    assert set(PostponedMessage.objects.values_list("subject_id", flat=True)) == {agrees.subject_id, stays.subject_id}
    undo_cancellation(case=case)
    accept_version(subject=agrees.subject, digest=version.digest, language="en", channel="web", purposes=[])
    sweep_for_days()
    assert list(PostponedMessage.objects.values_list("subject_id", flat=True)) == [other.subject_id]
    assert written_to() == []


def test_the_database_refuses_to_postpone_a_message_to_an_erased_person():
    person = make_person()
    due(person)
    publish("new")
    erase_due_accounts()
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        PostponedMessage.objects.create(
            announcement=Announcement.objects.get(), subject_id=person.subject_id, is_late=True, look_at=now, until=now
        )


def test_a_person_without_a_contact_point_is_checked_for_days_only():
    person = make_person()
    unverify(person)
    publish("new")
    announce_all()
    sweep_for_days(10)
    assert PostponedMessage.objects.count() == 1
    sweep_for_days(10)
    verify(person)
    sweep_for_days(10)
    assert (PostponedMessage.objects.count(), written_to()) == (0, [])
    assert Announcement.objects.get().unreachable == 1


def test_an_unreachable_person_who_is_written_to_later_counts_as_written_to():
    person = make_person()
    unverify(person)
    publish("new")
    announce_all()
    verify(person)
    sweep_for_days()
    announcement = Announcement.objects.get()
    assert (announcement.told, announcement.unreachable, announcement.people) == (1, 0, 1)


def test_a_round_is_closed_once_no_one_can_be_added(monkeypatch):
    case = cancel_account(subject=make_person().subject)
    publish("new")
    announce_all()
    monkeypatch.setattr(postponing, "LAST_REGISTRATIONS", timedelta())
    announce_all()
    announcement = Announcement.objects.get()
    assert (announcement.finished_at is not None, announcement.consents_read, announcement.closed_at) == (
        True,
        None,
        None,
    )
    undo_cancellation(case=case)
    sweep_for_days()
    assert Announcement.objects.get().closed_at is not None
    assert len(written_to()) == 1


def test_a_round_of_the_release_before_is_finished_and_closed():
    person = make_person()
    publish("new")
    Announcement.objects.update(began_at_position=None, consents_read=None, paced_until=None)
    announce_all()
    assert written_to() == [person.subject_id]
    assert Announcement.objects.get().closed_at is not None


def test_a_reminder_takes_over_whom_the_first_round_postponed():
    person = make_person()
    case = cancel_account(subject=person.subject)
    stays = make_person()
    version = publish("new")
    announce_all()
    Announcement.objects.update(finished_at=timezone.now() - timedelta(days=2))
    reminder = remind_people(version=version, by=stays.pk)
    assert Announcement.objects.get(kind="first").closed_at is not None
    announce_all()
    assert list(PostponedMessage.objects.values_list("announcement_id", flat=True)) == [reminder.pk]
    undo_cancellation(case=case)
    sweep_for_days()
    assert sorted(written_to()) == sorted([stays.subject_id] * 2 + [person.subject_id])


def test_a_postponed_message_that_cannot_be_stored_stops_no_other(monkeypatch):
    people = [make_person() for _each in range(4)]
    cases = [cancel_account(subject=person.subject) for person in people]
    publish("new")
    announce_all()
    for case in cases:
        undo_cancellation(case=case)
    draft = writing.draft_notice

    def fail_for_one(**options):
        if options["subject"].pk == people[1].subject_id:
            raise ValueError
        return draft(**options)

    monkeypatch.setattr(writing, "draft_notice", fail_for_one)
    sweep_for_days()
    assert sorted(written_to()) == sorted(person.subject_id for person in people if person is not people[1])
    announcement = Announcement.objects.get()
    assert (announcement.told, announcement.failed, PostponedMessage.objects.count()) == (3, 1, 0)


def test_the_ledger_is_read_on_in_parts(monkeypatch):
    monkeypatch.setattr("privacy.announcements.postponing.ACTS", 3)
    publish("new", in_days=30)
    people = [register_under_the_old_text() for _each in range(7)]
    announce_all()
    assert sorted(written_to()) == sorted(person.subject_id for person in people)
    assert Notice.objects.filter(template="policy_changed").count() == 7
