"""Concurrent acts on an announcement: one round, and each person once."""

from unittest.mock import patch
from uuid import uuid4

import pytest

from privacy.announcements.models import Announcement, PostponedMessage
from privacy.announcements.services import announce, remind_people
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.policies.models import PolicyVersion
from privacy.policies.services import publish_policy
from tests.announcing import announce_all, draft_of, pause, publish, written_to
from tests.erasures import due
from tests.factories import make_person, make_policy
from tests.parallel import in_parallel

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, databases="__all__")]


def test_two_languages_published_at_once_begin_one_round():
    make_policy(label="old")
    make_person()
    for number in range(5):
        drafts = [draft_of(f"new{number}", language=language) for language in ("en", "zh-hans")]
        outcomes = in_parallel(2, lambda n, drafts=drafts: publish_policy(version=drafts[n], material=True))
        assert outcomes == ["done", "done"]
        assert PolicyVersion.objects.filter(label=f"new{number}", published_at__isnull=False).count() == 2
        assert Announcement.objects.filter(version__label=f"new{number}").count() == 1


def test_two_languages_reminded_of_at_once_begin_one_round():
    make_policy(label="old")
    make_person()
    versions = [publish("new"), publish("new", language="zh-hans")]
    announce_all()
    Announcement.objects.update(finished_at="2020-01-01T00:00:00Z")
    outcomes = in_parallel(2, lambda n: remind_people(version=versions[n], by=uuid4()))
    assert sorted(outcomes) == ["CannotRemind", "done"]
    assert Announcement.objects.filter(kind="reminder").count() == 1


def test_two_workers_write_to_each_person_once():
    old = make_policy(label="old")
    people = [make_person(version=old) for _each in range(12)]
    cases = [cancel_account(subject=person.subject) for person in people[:4]]
    version = publish("new", in_days=30)
    with patch("privacy.announcements.services.BATCH", 1):
        pause(minutes=1)
        acts = [announce, announce, *(lambda case=case: undo_cancellation(case=case) for case in cases)]
        assert in_parallel(len(acts), lambda number: acts[number]()) == ["done"] * len(acts)
        later = [make_person(version=old) for _each in range(5)]
        pause(minutes=20)
        assert in_parallel(2, lambda _n: announce()) == ["done"] * 2
    assert sorted(written_to()) == sorted(person.subject_id for person in [*people, *later])
    announcement = Announcement.objects.get(version=version)
    assert (announcement.told, announcement.failed, PostponedMessage.objects.count()) == (17, 0, 0)


def test_two_workers_keep_to_the_pace_together(settings):
    settings.ANNOUNCEMENTS_PER_MINUTE = 6
    old = make_policy(label="old")
    for _each in range(10):
        make_person(version=old)
    for label, days in (("new", 20), ("newer", 30)):
        publish(label, in_days=days)
    pause(minutes=1)
    assert in_parallel(3, lambda _n: announce()) == ["done"] * 3
    assert len(written_to()) == 6


def test_people_who_register_while_a_round_is_written_are_written_to_once():
    old = make_policy(label="old")
    people = [make_person(version=old) for _each in range(6)]
    publish("new", in_days=30)
    pause(minutes=1)
    registered = []

    def act(number: int) -> None:
        if number < 2:
            announce()
        else:
            registered.append(make_person(version=old))

    with patch("privacy.announcements.services.BATCH", 1):
        assert in_parallel(8, act) == ["done"] * 8
    for _sweep in range(2):
        pause(minutes=20)
        announce()
    assert sorted(written_to()) == sorted(person.subject_id for person in [*people, *registered])


def test_an_erasure_and_a_round_never_leave_a_row_of_an_erased_person():
    old = make_policy(label="old")
    for number in range(5):
        person = make_person(version=old)
        due(person)
        publish(f"new{number}", in_days=number + 1)
        pause(minutes=1)
        acts = [announce, erase_due_accounts]
        assert in_parallel(2, lambda number, acts=acts: acts[number]()) == ["done", "done"]
        erase_due_accounts()
        assert not PostponedMessage.objects.exists()
        announce_all()
        assert not PostponedMessage.objects.exists()
        assert Announcement.objects.filter(finished_at=None).count() == 0
