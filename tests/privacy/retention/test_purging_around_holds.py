"""A purge skips what a hold keeps, also if the hold is approved during the purge."""

import threading
from unittest.mock import patch

import pytest
from django.db import transaction
from django.db.models import QuerySet

from accounts.profiles.models import Correction
from accounts.security_events.models import SecurityEvent
from accounts.users.models import User
from privacy.holds.queries import holds_in_force
from privacy.holds.services import approve_hold
from privacy.inventory.retention_classes import RetentionClass
from privacy.retention import purging
from privacy.retention.purging import purge_expired_rows
from tests.erasures import APPROVES, asked
from tests.factories import make_person
from tests.parallel import in_parallel
from tests.privacy.retention.ageing import DAY, aged, correction, event


def test_a_hold_keeps_the_rows_of_its_class_and_of_its_subject_only(person: User):
    other = make_person()
    held = aged(event(person), 400 * DAY)
    aged(event(other), 400 * DAY)
    aged(correction(person), 800 * DAY)

    def held_subjects(retention_class):
        return [person.subject_id] if retention_class == RetentionClass.SECURITY else []

    with patch.object(purging, "held_subjects", held_subjects):
        purge_expired_rows()
    assert list(SecurityEvent.objects.all()) == [held]
    assert not Correction.objects.exists()


def test_a_hold_may_be_a_query(person: User):
    aged(event(person), 400 * DAY)
    subjects = User.objects.filter(pk=person.pk).values("subject_id")
    with patch.object(purging, "held_subjects", lambda _class: subjects):
        assert purge_expired_rows() == 0


def test_a_hold_approved_while_a_batch_is_chosen_keeps_its_rows(person: User):
    aged(event(person), 400 * DAY)
    holds = []

    def chosen(rows: QuerySet) -> QuerySet:
        keys = list(rows.values_list("pk", flat=True))
        holds.append(person.subject_id)
        return rows.model.objects.filter(pk__in=keys)

    with patch.object(purging, "held_subjects", lambda _class: holds), patch.object(purging, "_locked", chosen):
        purge_expired_rows()
    assert SecurityEvent.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_hold_that_is_approved_while_a_batch_is_open_waits_for_its_end():
    """Otherwise both would win: the hold would be in force, and its rows deleted a moment later."""
    person = make_person()
    aged(event(person), 400 * DAY)
    hold = asked(person, "security")
    deleted, go_on, whole = threading.Event(), threading.Event(), purging._note

    def slowly(label: str, went: int) -> None:
        if went:
            deleted.set()
            go_on.wait(10)
        whole(label, went)

    with patch.object(purging, "_note", slowly):
        purger = threading.Thread(target=in_parallel, args=(1, lambda _n: purge_expired_rows()))
        purger.start()
        assert deleted.wait(10)
        approver = threading.Thread(target=in_parallel, args=(1, lambda _n: approve_hold(hold=hold, by=APPROVES)))
        approver.start()
        approver.join(1)
        assert approver.is_alive()
        assert not holds_in_force().exists()
        go_on.set()
        purger.join(10)
        approver.join(10)
    assert holds_in_force().exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_purge_skips_a_person_whose_hold_is_being_approved():
    person, other = make_person(), make_person()
    kept = aged(event(person), 400 * DAY)
    aged(event(other), 400 * DAY)
    with transaction.atomic():
        approve_hold(hold=asked(person, "security"), by=APPROVES)
        assert in_parallel(1, lambda _n: purge_expired_rows()) == ["done"]
    assert list(SecurityEvent.objects.all()) == [kept]
