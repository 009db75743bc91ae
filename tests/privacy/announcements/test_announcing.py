"""A material version is announced once to everyone whose consent it replaces, at a limited pace, despite failures."""

import re
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from accounts.contact_points.models import ContactPoint
from portal.operations.alarms import raise_alarms, raise_urgent_alarms
from privacy.announcements.models import Announcement
from privacy.announcements.queries import people_to_agree, versions_to_agree
from privacy.announcements.services import CannotRemind, announce, remind_people
from privacy.consent.queries import language_of
from privacy.consent.services import accept_version
from privacy.erasure.services import cancel_account
from privacy.notices.models import Notice
from privacy.notices.preparing import draft_notice
from privacy.notices.services import queue_notices
from tests.announcing import announce_all, pause, publish, written_to
from tests.factories import make_person, make_policy, make_staff, make_user
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db


def test_everyone_whose_consent_is_replaced_is_written_to_once():
    people = [make_person() for _each in range(3)]
    make_person(jurisdiction="cn")
    version = publish("new")
    assert Announcement.objects.get().people == 3
    assert announce_all() == 3
    assert sorted(written_to()) == sorted(person.subject_id for person in people)
    assert (announce_all(), len(written_to())) == (0, 3)
    announcement = Announcement.objects.get()
    assert (announcement.version, announcement.told, announcement.finished_at is not None) == (version, 3, True)


@pytest.mark.parametrize(
    ("is_announced", "published"),
    [
        (False, [{"label": "first-ever"}]),
        (False, [{"label": "v", "material": False}]),
        (True, [{"label": "v"}]),
        (True, [{"label": "v"}, {"label": "v", "language": "zh-hans"}]),
    ],
    ids=["nobody agreed before", "editorial", "material", "with a translation"],
)
def test_only_a_material_version_that_replaces_consents_is_announced_once(is_announced: bool, published: list[dict]):
    if published[0]["label"] != "first-ever":
        make_person()
    for each in published:
        publish(**each)
    assert Announcement.objects.count() == is_announced


def test_cancelled_people_people_who_agreed_and_staff_are_not_written_to():
    stays, cancelled, agreed = make_person(), make_person(), make_person()
    make_staff()
    make_user()
    version = publish("new")
    cancel_account(subject=cancelled.subject)
    accept_version(subject=agreed.subject, digest=version.digest, language="en", channel="web", purposes=[])
    announce_all()
    assert written_to() == [stays.subject_id]
    assert Announcement.objects.get().finished_at is not None


def test_the_pace_is_kept_and_what_was_missed_is_not_caught_up_with(settings):
    settings.ANNOUNCEMENTS_PER_MINUTE = 6
    for _each in range(9):
        make_person()
    publish("new")
    assert announce() == 0
    pause(seconds=10)
    assert (announce(), announce()) == (1, 0)
    pause(days=1)
    assert announce() == 6
    assert Announcement.objects.get().finished_at is None
    pause(seconds=30)
    assert announce() == 2
    assert len(set(written_to())) == 9


def test_a_round_continues_where_it_stopped_when_a_worker_dies():
    people = [make_person() for _each in range(5)]
    publish("new")

    def die_at_the_third(notices):
        if len(written_to()) >= 2:
            raise SystemExit
        queue_notices(notices)

    with (
        patch.multiple("privacy.announcements.services", BATCH=2, queue_notices=die_at_the_third),
        pytest.raises(SystemExit),
    ):
        announce_all()
    with patch("privacy.announcements.services.BATCH", 2):
        announce_all()
    assert sorted(written_to()) == sorted(person.subject_id for person in people)


def test_a_person_whose_message_fails_stops_no_other(caplog):
    people = sorted((make_person() for _each in range(4)), key=lambda person: person.subject_id)
    broken = people[1]
    publish("new")

    def fail_for_one(**options):
        if options["subject"].pk == broken.subject_id:
            raise ValueError(options["address"])
        return draft_notice(**options)

    with patch("privacy.announcements.writing.draft_notice", fail_for_one):
        announce_all()
    assert sorted(written_to()) == [person.subject_id for person in people if person is not broken]
    announcement = Announcement.objects.get()
    assert (announcement.told, announcement.failed) == (3, 1)
    assert "+381" not in caplog.text


def test_people_without_a_verified_contact_point_are_counted():
    person = make_person()
    ContactPoint.objects.filter(subject_id=person.subject_id).update(verified_at=None)
    publish("new")
    announce_all()
    announcement = Announcement.objects.get()
    assert (announcement.told, announcement.unreachable, announcement.finished_at is not None) == (0, 1, True)


@pytest.mark.parametrize(("agreed_in", "written_in"), [("zh-hans", "zh-hans"), ("zh-hant", "zh-hans"), ("de", "en")])
def test_an_announcement_is_in_the_language_of_the_consent_or_one_of_the_portal(agreed_in: str, written_in: str):
    make_policy(label="old", language=agreed_in)
    person = make_person()
    assert language_of(person.subject_id) == written_in
    publish("new")
    announce_all()
    assert Notice.objects.get(template="policy_changed").language == written_in


def test_staff_see_who_has_not_agreed_by_version_and_remind_until_no_one_is_left():
    old = make_policy(label="old")
    stays, agrees = make_person(), make_person()
    version = publish("new")
    officer = client_of(make_staff("Privacy officer"))
    page, reminder = (reverse(f"admin:privacy_announcement_{name}", args=[version.pk]) for name in ("left", "remind"))
    shown = officer.get(page).content.decode()
    assert re.search(rf"{re.escape(str(old))}</th><td>2</td>", shown)
    assert str(stays.subject_id) in shown
    assert "still being sent" in officer.post(reminder, follow=True).content.decode()
    announce_all()
    accept_version(subject=agrees.subject, digest=version.digest, language="en", channel="web", purposes=[])
    assert str(agrees.subject_id) not in officer.get(page).content.decode()
    assert "less than a day ago" in officer.post(reminder, follow=True).content.decode()
    Announcement.objects.update(finished_at=F("finished_at") - timedelta(days=1))
    assert "1 person is being reminded." in officer.post(reminder, follow=True).content.decode()
    announce_all()
    assert [subject for subject in written_to() if written_to().count(subject) == 2] == [stays.subject_id] * 2
    assert [(found, people) for found, people in versions_to_agree()] == [(version, 1)]
    assert "1 person has not agreed yet." in officer.get(reverse("admin:index")).content.decode()
    accept_version(subject=stays.subject, digest=version.digest, language="en", channel="web", purposes=[])
    assert versions_to_agree() == []
    assert "Everyone has agreed" in officer.get(page).content.decode()
    with pytest.raises(CannotRemind, match="There is no one to remind"):
        remind_people(version=version, by=uuid4())


@pytest.mark.parametrize("role", ["Support", "Reviewer", "Auditor"])
def test_without_permission_for_policies_no_announcement_is_shown(role: str):
    version = publish("new")
    staff = client_of(make_staff(role))
    for name, method in (("left", "get"), ("remind", "post")):
        address = reverse(f"admin:privacy_announcement_{name}", args=[version.pk])
        assert getattr(staff, method)(address).status_code == 403


def test_a_stalled_or_late_announcement_alarms(settings):
    settings.ANNOUNCEMENTS_PER_MINUTE = 6
    make_person()
    version = publish("new")
    assert not [line for line in raise_alarms() + raise_urgent_alarms() if "policy" in line]
    pause(minutes=11)
    assert f"messages about policy {version} have stalled" in raise_urgent_alarms()
    Announcement.objects.update(people=6 * 60 * 24 + 10)
    assert f"messages about policy {version} will not reach everyone before it is in force" in raise_alarms()


def test_a_replaced_or_editorial_version_is_not_reminded_of():
    make_person()
    editorial, old = publish("editorial", material=False), publish("old")
    publish("new")
    for version in (editorial, old):
        with pytest.raises(CannotRemind, match="newest material"):
            remind_people(version=version, by=uuid4())


def test_two_rounds_at_a_time_are_refused_by_the_database():
    make_person()
    version = publish("new")
    with pytest.raises(CannotRemind), transaction.atomic():
        remind_people(version=version, by=uuid4())
    assert [people_to_agree(version).count(), Announcement.objects.count()] == [1, 1]
