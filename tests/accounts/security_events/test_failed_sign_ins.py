"""A wrong password is stored alike for every login, and counted afterwards for its person."""

import json
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.security_events import failed_sign_ins
from accounts.security_events.failed_sign_ins import count_all_failed_sign_ins, count_failed_sign_ins, judge_sign_in
from accounts.security_events.failures_in_a_row import FIRST_NOTICE_AT
from accounts.security_events.models import SecurityEvent
from accounts.security_events.operations import UNCOUNTED_SECONDS
from accounts.security_events.tasks import count_failed_sign_ins as sweep
from accounts.tries.models import ConsecutiveFailures, FailedSignIn
from accounts.users.models import User
from portal.operations.alarms import raise_urgent_alarms
from privacy.notices.models import Notice
from tests.erasures import erase
from tests.factories import PASSWORD, agree, make_person, make_policy
from tests.parallel import in_parallel

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


def fail(login: str, times: int = 1) -> None:
    for _ in range(times):
        Client().post("/sign-in/", {"login": login, "password": "wrong"}, headers={"User-Agent": FIREFOX})


def waiting(person: User, times: int) -> None:
    now = timezone.now()
    FailedSignIn.objects.bulk_create(
        [FailedSignIn(subject_id=person.subject_id, at=now, device="Firefox on Linux") for _ in range(times)]
    )


def failures(person: User) -> int:
    return sum(ConsecutiveFailures.objects.filter(subject_id=person.subject_id).values_list("count", flat=True))


def signs_in(person: User) -> bool:
    return Client().post("/sign-in/", {"login": person.username, "password": PASSWORD}).status_code == 302


def test_the_sweep_counts_and_records_failures_of_known_logins(person: User):
    fail(person.username, 2)
    fail("nobody-here")
    assert FailedSignIn.objects.count() == 3
    assert sweep() == 3
    assert not FailedSignIn.objects.exists()
    assert failures(person) == 2
    events = SecurityEvent.objects.filter(kind="sign_in_failed")
    assert {(event.subject_id, event.device) for event in events} == {(person.subject_id, "Firefox on Linux")}
    assert events.count() == 2


def test_what_waits_is_counted_before_a_right_password(person: User):
    waiting(person, settings.MOST_CONSECUTIVE_FAILURES - 1)
    assert signs_in(person)
    assert (
        SecurityEvent.objects.filter(kind="sign_in_failed", subject_id=person.subject_id).count()
        == settings.MOST_CONSECUTIVE_FAILURES - 1
    )
    waiting(person, settings.MOST_CONSECUTIVE_FAILURES)
    assert not signs_in(person)
    assert Notice.objects.filter(template="failures_in_a_row", subject_id=person.subject_id).count() >= 2


def test_an_erasure_takes_what_waits(person: User):
    waiting(person, 3)
    erase(person)
    assert not FailedSignIn.objects.exists()


def test_nothing_is_counted_for_an_erased_person(person: User):
    subject_id = person.subject_id
    erase(person)
    fail(person.username)
    assert FailedSignIn.objects.get().subject_id != subject_id
    assert count_all_failed_sign_ins() == 1
    assert not SecurityEvent.objects.filter(subject_id=subject_id).exists()


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_wrong_password_for_a_person_erased_meanwhile_is_answered_as_usual():
    person = make_person()
    subject_id = person.subject_id
    erase(person)
    assert not judge_sign_in(subject_id, right=False)
    assert not FailedSignIn.objects.exists()


def test_a_sweep_writes_to_the_owner_in_their_language_with_the_time_of_the_try(person: User):
    agree(person.subject, make_policy("intl", language="zh-hans"))
    waiting(person, FIRST_NOTICE_AT)
    tried = timezone.now() - timedelta(minutes=7)
    FailedSignIn.objects.update(at=tried)
    sweep()
    notice = Notice.objects.get(template="failures_in_a_row")
    assert notice.language == "zh-hans"
    assert json.loads(str(notice.context))["at"] == tried.isoformat(timespec="minutes")


def test_a_person_of_whom_counting_fails_stops_no_other(person: User):
    other = make_person()
    waiting(person, 1)
    waiting(other, 1)
    counted = count_failed_sign_ins

    def fails(subject_id):
        if subject_id == person.subject_id:
            raise RuntimeError(person.username)
        return counted(subject_id)

    with patch.object(failed_sign_ins, "count_failed_sign_ins", fails):
        assert count_all_failed_sign_ins() == 1
    assert list(FailedSignIn.objects.values_list("subject_id", flat=True)) == [person.subject_id]


def test_what_waits_for_minutes_is_an_alarm(person: User):
    waiting(person, 1)
    assert raise_urgent_alarms() == []
    FailedSignIn.objects.update(at=timezone.now() - timedelta(seconds=UNCOUNTED_SECONDS + 10))
    assert raise_urgent_alarms() == ["the oldest failed sign-in has waited for 310 seconds to be counted"]
    count_all_failed_sign_ins()
    assert failed_sign_ins.oldest_failed_sign_in() is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_parallel_counts_count_each_failure_once():
    person = make_person()
    waiting(person, 20)
    assert in_parallel(4, lambda _n: count_failed_sign_ins(person.subject_id)) == ["done"] * 4
    assert failures(person) == 20
    assert SecurityEvent.objects.filter(kind="sign_in_failed").count() == 20
