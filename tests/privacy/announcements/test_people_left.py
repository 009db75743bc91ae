"""Whose consent a version replaces and who has not agreed: one definition, for every way of counting."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.announcements.models import Announcement
from privacy.announcements.queries import people_by_replaced_version, people_left, people_to_agree, versions_to_agree
from privacy.announcements.services import CannotRemind, remind_people
from privacy.consent.replay import ask_for_consent_again
from privacy.consent.services import accept_version
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.policies.models import PolicyVersion
from tests.announcing import announce_all, publish
from tests.erasures import due
from tests.factories import make_person, make_policy, make_staff, make_user
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db


def accept(version: PolicyVersion, person) -> None:
    accept_version(subject=person.subject, digest=version.digest, language="en", channel="web", purposes=[])


def ask(person) -> None:
    """Ask a person again, as after a restore that lost their answer."""
    assert ask_for_consent_again(answers=[(uuid4(), person.subject_id, timezone.now().isoformat())]) == 1


def test_people_left_are_the_people_to_agree_whatever_became_of_them():
    make_policy(label="old")
    people = [make_person() for _each in range(7)]
    make_user()
    make_staff()
    version = publish("new")
    _stays, cancelled, undone, erased, agreed, asked, asked_after = people
    cancel_account(subject=cancelled.subject)
    undo_cancellation(case=cancel_account(subject=undone.subject))
    due(erased)
    erase_due_accounts()
    for person in (agreed, asked_after):
        accept(version, person)
    ask(asked)
    ask(asked_after)
    assert people_to_agree(version).count() == people_left(version) == 3
    assert [(each.label, count) for each, count in people_by_replaced_version(version)] == [("old", 3)]
    assert versions_to_agree() == [(version, 3)]


def test_where_only_cancelled_people_are_left_no_one_is_reminded():
    person = make_person()
    version = publish("new")
    announce_all()
    Announcement.objects.update(finished_at=timezone.now() - timedelta(days=2))
    cancel_account(subject=person.subject)
    assert (people_left(version), versions_to_agree()) == (0, [])
    page = client_of(make_staff()).get(reverse("admin:privacy_announcement_left", args=[version.pk])).content.decode()
    assert "Everyone has agreed" in page
    assert "Remind those" not in page
    with pytest.raises(CannotRemind, match="There is no one to remind"):
        remind_people(version=version, by=uuid4())


def test_a_translation_is_not_reminded_of_while_the_first_text_is():
    make_person()
    publish("new")
    translation = publish("new", language="zh-hans")
    with pytest.raises(CannotRemind, match="still being sent"):
        remind_people(version=translation, by=uuid4())
    announce_all()
    with pytest.raises(CannotRemind, match="less than a day ago"):
        remind_people(version=translation, by=uuid4())
    assert Announcement.objects.count() == 1


def test_the_page_offers_a_reminder_only_where_one_can_be_sent():
    make_policy(label="old")
    make_person()
    version = publish("new")
    staff, page = client_of(make_staff()), reverse("admin:privacy_announcement_left", args=[version.pk])
    button, still_sending = b"Remind those who have not agreed", b"are still being sent"
    shown = staff.get(page).content
    assert still_sending in shown
    assert button not in shown
    announce_all()
    Announcement.objects.update(finished_at=timezone.now() - timedelta(hours=23))
    assert b"less than a day ago" in staff.get(page).content
    Announcement.objects.update(finished_at=timezone.now() - timedelta(hours=25))
    assert button in staff.get(page).content
