"""Tombstones of sent messages' keys are deleted by age; the tombstones of persons are kept."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from django.db.models.signals import post_delete

from privacy.encryption import tombstones
from privacy.encryption.keys import create_keys, destroy_keys
from privacy.encryption.models import DataKey
from privacy.encryption.tombstones import TombstoneStays, forget_tombstones
from privacy.inventory.retention_classes import SEALED_CLASSES
from privacy.retention.models import Purge
from privacy.retention.purging import purge_expired_rows
from tests.factories import make_subject

PERIOD = timedelta(days=30)


def key(*, destroyed_for: timedelta | None = None) -> DataKey:
    """The key of a message; destroyed so long ago, or alive."""
    owner = uuid4()
    create_keys(owner, ["notice"])
    if destroyed_for is not None:
        destroy_keys([owner])
        DataKey.objects.filter(owner=owner).update(destroyed_at=F("destroyed_at") - destroyed_for)
    DataKey.objects.filter(owner=owner).update(created_at=F("created_at") - timedelta(days=999))
    return DataKey.objects.get(owner=owner)


def test_only_old_tombstones_of_messages_are_deleted():
    key(destroyed_for=PERIOD + timedelta(minutes=5))
    young, living = key(destroyed_for=PERIOD - timedelta(minutes=5)), key()
    assert forget_tombstones("notice", PERIOD) == 1
    assert set(DataKey.objects.all()) == {young, living}


def test_many_are_deleted_in_batches_oldest_first(monkeypatch):
    monkeypatch.setattr(tombstones, "BATCH", 2)
    ages = [PERIOD * age for age in (3, 5, 2, 6, 4)]
    made = {age: key(destroyed_for=age) for age in ages}
    went = []
    post_delete.connect(
        lambda instance, **_more: went.append(instance.pk), sender=DataKey, weak=False, dispatch_uid="w"
    )
    try:
        assert forget_tombstones("notice", PERIOD) == 5
    finally:
        post_delete.disconnect(sender=DataKey, dispatch_uid="w")
    assert {*went[:2]} == {made[PERIOD * 6].pk, made[PERIOD * 5].pk}
    assert went[-1] == made[PERIOD * 2].pk


def test_the_purge_forgets_them_and_counts_them():
    key(destroyed_for=PERIOD + timedelta(minutes=5))
    assert purge_expired_rows() == 1
    assert Purge.objects.get(record="privacy.datakey").total == 1


def test_the_tombstones_of_persons_stay():
    subject = make_subject()
    destroy_keys([subject.pk])
    DataKey.objects.update(destroyed_at=F("destroyed_at") - timedelta(days=9999))
    assert purge_expired_rows() == 0
    assert DataKey.objects.filter(owner=subject.pk).count() == len(SEALED_CLASSES)
    for name in SEALED_CLASSES:
        with pytest.raises(TombstoneStays):
            forget_tombstones(name, PERIOD)
