"""A due erasure removes rows, indexes, sessions and keys of the persons who are due, and of no others."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import transaction

from accounts.contact_points.models import Code, ContactPoint
from accounts.profiles.models import Correction, Profile
from accounts.sessions.models import Session
from accounts.users.models import User
from privacy.consent.services import SubjectErased
from privacy.encryption.keys import KeyDestroyed
from privacy.encryption.models import DataKey
from privacy.erasure import tasks
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.inventory.data_stores import ModelDataStore
from tests.erasures import due
from tests.factories import agree, make_person, make_policy, pass_time

PERSONAL = (User, Profile, ContactPoint, Code, Session, Correction)
State = ErasureCase.State


def test_nothing_is_erased_before_it_is_due():
    user = make_person()
    case = cancel_account(subject=user.subject)
    pass_time(case, settings.COOLING_OFF - timedelta(minutes=1))
    assert erase_due_accounts() == 0
    assert User.objects.filter(pk=user.pk).exists()


def test_every_row_of_the_person_is_erased_and_no_other():
    user, other = make_person(), make_person()
    due(user)
    erase_due_accounts()
    for model in PERSONAL:
        assert not model.objects.filter(subject_id=user.subject_id).exists(), model
    assert User.objects.filter(pk=other.pk).exists()
    assert Profile.objects.get(subject_id=other.subject_id).name


def test_every_key_of_the_person_is_destroyed():
    user = make_person()
    due(user)
    erase_due_accounts()
    keys = DataKey.objects.filter(owner=user.subject_id)
    assert keys.exists()
    assert all(key.wrapped is None and key.destroyed_at for key in keys)


def test_a_sweep_takes_everything_that_is_due_in_batches_and_counts_its_steps():
    people, waits = [make_person() for _ in range(5)], make_person()
    for user in people:
        due(user)
    cancel_account(subject=waits.subject)
    assert erase_due_accounts(batch=2) == 2 * 5
    assert list(User.objects.all()) == [waits]
    assert ErasureReceipt.objects.count() == 5
    assert set(ErasureCase.objects.values_list("state", flat=True)) == {State.ERASED, State.COOLING_OFF}


def test_a_batch_has_at_most_the_given_size():
    for _ in range(5):
        due(make_person())
    sizes = []
    erase = ModelDataStore.erase

    def note(store: ModelDataStore, subjects):
        sizes.append(len(subjects))
        return erase(store, subjects)

    with patch.object(ModelDataStore, "erase", note):
        erase_due_accounts(batch=2)
    assert set(sizes) == {2, 1}


def test_erasing_twice_changes_nothing():
    case = due(make_person())
    erase_due_accounts()
    case.refresh_from_db()
    assert erase_due_accounts() == 0
    assert ErasureReceipt.objects.filter(case=case).count() == 1


def test_an_undone_cancellation_is_never_erased():
    user = make_person()
    case = cancel_account(subject=user.subject)
    undo_cancellation(case=case)
    pass_time(case, timedelta(days=30))
    erase_due_accounts()
    assert User.objects.filter(pk=user.pk).exists()


def test_a_late_write_is_refused():
    user = make_person()
    late_profile = Profile.objects.get(subject_id=user.subject_id)
    due(user)
    erase_due_accounts()
    late_profile.name = "Back again"
    with pytest.raises(KeyDestroyed), transaction.atomic():
        late_profile.save()
    user.subject.refresh_from_db()
    with pytest.raises(SubjectErased):
        agree(user.subject, make_policy())


def test_the_task_that_beat_wakes_erases_what_is_due():
    due(make_person())
    assert tasks.erase_due_accounts.name == "privacy.erasure.tasks.erase_due_accounts"
    assert tasks.erase_due_accounts() == 2
    assert ErasureCase.objects.get().state == State.ERASED
