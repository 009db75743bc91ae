"""All rounds together keep to one pace, and a stalled round raises an alarm."""

import time
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from portal.operations.alarms import raise_urgent_alarms
from privacy.announcements.models import Announcement, PostponedMessage
from privacy.announcements.pace import people_per_minute
from privacy.announcements.queries import ends_at, late_announcements, stalled_announcements
from privacy.announcements.services import announce
from privacy.erasure.services import cancel_account, undo_cancellation
from tests.announcing import announce_all, pause, publish, written_to
from tests.factories import make_person, make_policy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _slow(settings):
    settings.ANNOUNCEMENTS_PER_MINUTE = 6


def people(count: int) -> None:
    old = make_policy(label="old")
    for _each in range(count):
        make_person(version=old)


def test_two_rounds_share_one_pace_and_both_get_on():
    people(9)
    rounds = [publish(label, in_days=days) for label, days in (("new", 20), ("newer", 30))]
    pause(minutes=1)
    assert (announce(), announce()) == (6, 0)
    assert [Announcement.objects.get(version=version).told for version in rounds] == [3, 3]
    begun, written = time.monotonic(), 0
    for _sweep in range(6):
        pause(seconds=10)
        written += announce()
    # One each ten seconds; the time that the sweeps themselves took counts, too.
    assert 6 <= written <= 7 + (time.monotonic() - begun) // 10
    told = [Announcement.objects.get(version=version).told for version in rounds]
    assert sum(told) == 6 + written
    assert abs(told[0] - told[1]) <= 1
    assert not stalled_announcements().exists()


def test_a_new_round_gives_no_other_more_than_the_pace():
    people(9)
    publish("new", in_days=20)
    pause(minutes=1)
    assert announce() == 6
    publish("newer", in_days=30)
    assert announce() == 0


def test_a_postponed_message_counts_towards_the_pace():
    old = make_policy(label="old")
    cases = [cancel_account(subject=make_person(version=old).subject) for _each in range(8)]
    publish("new")
    announce_all()
    for case in cases:
        undo_cancellation(case=case)
    pause(minutes=20)
    assert (announce(), announce()) == (6, 0)
    pause(seconds=10)
    assert announce() == 1
    assert len(set(written_to())) == 7


def test_a_slow_sweep_writes_to_as_many_as_the_pace_allows_since_the_last(settings):
    settings.SWEEP_EVERY = timedelta(minutes=2)
    people(13)
    publish("new")
    pause(minutes=2)
    assert announce() == 12
    assert not stalled_announcements().exists()


@pytest.mark.parametrize(
    ("sweep_every", "per_minute", "pace"),
    [(10, 600, 600), (10, 60, 60), (60, 600, 100), (600, 600, 10), (1, 6000, 6000)],
)
def test_the_pace_is_no_more_than_the_sweep_of_messages_sends(settings, sweep_every: int, per_minute: int, pace: int):
    settings.SWEEP_EVERY, settings.ANNOUNCEMENTS_PER_MINUTE = timedelta(seconds=sweep_every), per_minute
    assert people_per_minute() == pytest.approx(pace)


def test_when_a_round_ends_says_what_it_shares_with_the_others():
    people(1)
    long, short = publish("new", in_days=20), publish("newer", in_days=30)
    Announcement.objects.filter(version=long).update(people=60)
    Announcement.objects.filter(version=short).update(people=6)
    now = timezone.now()
    ends = [ends_at(Announcement.objects.get(version=version), now) - now for version in (long, short)]
    assert ends == [timedelta(minutes=11), timedelta(minutes=2)]
    assert late_announcements() == []


def is_stalled() -> bool:
    return any("have stalled" in line for line in raise_urgent_alarms())


def test_a_round_whose_messages_cannot_be_stored_alarms_although_the_sweep_runs():
    people(3)
    publish("new")
    with (
        patch("privacy.announcements.services.queue_notices", side_effect=OSError),
        patch("privacy.database.batches.every_database_answers", return_value=False),
    ):
        for _sweep in range(9):
            assert announce_all() == 0
        assert not is_stalled()
        for _sweep in range(2):
            assert announce_all() == 0
    assert is_stalled()
    announce_all()
    assert not is_stalled()


def test_failed_messages_are_no_progress():
    people(9)
    publish("new")
    with patch("privacy.announcements.writing.draft_notice", side_effect=ValueError):
        began_at = Announcement.objects.get().last_batch_at
        pause(seconds=10)
        announce()
    announcement = Announcement.objects.get()
    assert (announcement.failed, announcement.last_batch_at) == (1, began_at - timedelta(seconds=10))


def test_postponed_messages_that_are_not_checked_alarm():
    people(1)
    cancel_account(subject=make_person().subject)
    publish("new")
    announce_all()
    assert Announcement.objects.get().finished_at is not None
    pause(minutes=30)
    assert not is_stalled()
    pause(hours=2)
    assert is_stalled()
    announce()
    assert PostponedMessage.objects.count() == 1
    assert not is_stalled()


def test_a_round_that_writes_at_its_pace_is_not_stalled():
    people(1)
    publish("new")
    Announcement.objects.update(last_batch_at=timezone.now() - timedelta(hours=1))
    assert not stalled_announcements().exists()
    Announcement.objects.update(paced_until=timezone.now() - timedelta(hours=1))
    assert stalled_announcements().exists()
