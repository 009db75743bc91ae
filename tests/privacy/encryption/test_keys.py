"""Keys are stored apart and wrapped; a destroyed one leaves a dated tombstone without a name."""

import base64
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connections
from django.test import override_settings

from privacy.encryption import keys
from privacy.encryption.keys import (
    KeyDestroyed,
    KeyMissing,
    create_keys,
    create_keys_of,
    destroy_keys,
    forget_keys,
    key_for,
    open_keys,
    system_key,
)
from privacy.encryption.master_keys import CannotOpen
from privacy.encryption.models import DataKey, SystemKey
from privacy.inventory.retention_classes import SEALED_CLASSES
from tests.factories import make_subject


def test_keys_are_in_the_keys_database_only():
    subject = make_subject()
    assert DataKey.objects.filter(owner=subject.pk).db == "keys"
    assert SystemKey.objects.all().db == "keys"
    assert {"privacy_datakey", "privacy_housekey"} <= set(connections["keys"].introspection.table_names())
    assert {"privacy_datakey", "privacy_housekey"}.isdisjoint(connections["default"].introspection.table_names())
    assert "privacy_datasubject" not in connections["keys"].introspection.table_names()


def test_a_stored_key_is_wrapped():
    subject = make_subject()
    nonce, plain = b"0" * 12, key_for(subject.pk, "account")
    wrapped = bytes(DataKey.objects.get(owner=subject.pk, retention_class="account").wrapped)
    assert len(wrapped) == 12 + 32 + 16
    assert plain.encrypt(nonce, b"x", None)  # the key itself works, though nothing of it is stored in clear


def test_a_destroyed_key_leaves_a_dated_tombstone():
    subject = make_subject()
    assert destroy_keys([subject.pk])[subject.pk] == DataKey.objects.filter(owner=subject.pk).count()
    for key in DataKey.objects.filter(owner=subject.pk):
        assert key.wrapped is None
        assert key.destroyed_at is not None


def test_destroying_twice_changes_nothing():
    subject = make_subject()
    first = destroy_keys([subject.pk])
    times = list(DataKey.objects.filter(owner=subject.pk).values_list("destroyed_at", flat=True))
    assert destroy_keys([subject.pk]) == first
    assert list(DataKey.objects.filter(owner=subject.pk).values_list("destroyed_at", flat=True)) == times


def test_a_destroyed_key_cannot_be_made_again():
    subject = make_subject()
    destroy_keys([subject.pk])
    with pytest.raises(IntegrityError):
        create_keys(subject.pk, ["account"])


def test_a_key_that_was_never_made_is_missing():
    with pytest.raises(KeyMissing):
        key_for(make_subject().pk, "no such class")


def test_a_wrapped_key_moved_to_another_person_does_not_open():
    one, other = make_subject(), make_subject()
    stolen = DataKey.objects.get(owner=one.pk, retention_class="account").wrapped
    DataKey.objects.filter(owner=other.pk, retention_class="account").update(wrapped=stolen)
    forget_keys()
    with pytest.raises(CannotOpen):
        key_for(other.pk, "account")


def test_another_master_key_opens_nothing():
    subject = make_subject()
    forget_keys()
    other = {"1": base64.b64decode("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=")}
    with override_settings(MASTER_KEYS=other), pytest.raises(CannotOpen):
        key_for(subject.pk, "account")


def test_all_classes_of_a_person_are_read_by_one_query(django_assert_num_queries):
    subject = make_subject()
    forget_keys()
    with django_assert_num_queries(1, using="keys"):
        key_for(subject.pk, "account")
        key_for(subject.pk, "contact")


def works(owner: UUID, retention_class: str = "account") -> bool:
    """Whether the key in memory is the one that is stored."""
    sealed = key_for(owner, retention_class).encrypt(b"0" * 12, b"value", None)
    forget_keys()
    return key_for(owner, retention_class).decrypt(b"0" * 12, sealed, None) == b"value"


def test_new_keys_of_several_owners_are_stored_at_once_and_each_is_its_own(django_assert_num_queries):
    owners = [uuid4() for _ in range(3)]
    with django_assert_num_queries(1, using="keys"):
        create_keys_of(owners, ["account", "contact"])
        sealed = {
            (owner, name): key_for(owner, name).encrypt(b"0" * 12, b"value", None)
            for owner in owners
            for name in ("account", "contact")
        }
    assert len(set(sealed.values())) == 6
    assert all(works(owner, name) for owner, name in sealed)
    assert not DataKey.objects.filter(destroyed_at__isnull=False).exists()


def test_the_keys_of_several_owners_are_opened_by_one_query(django_assert_num_queries):
    alive, other, erased, known = (make_subject().pk for _ in range(4))
    destroy_keys([erased])
    nobody = uuid4()
    forget_keys()
    key_for(known, "account")
    with django_assert_num_queries(1, using="keys"):
        open_keys([alive, other, erased, nobody, known])
    with django_assert_num_queries(0, using="keys"):
        opened = [key_for(owner, "contact").encrypt(b"0" * 12, b"value", None) for owner in (alive, other, known)]
        with pytest.raises(KeyDestroyed):
            key_for(erased, "account")
        with pytest.raises(KeyMissing):
            key_for(nobody, "account")
    assert len(set(opened)) == 3
    assert works(alive)


def test_known_keys_are_not_opened_again():
    owner = make_subject().pk
    before = key_for(owner, "account")
    open_keys([owner])
    assert key_for(owner, "account") is before


def test_only_keys_under_a_hold_are_kept():
    held, erased = make_subject().pk, make_subject().pk
    create_keys(held, ["notice"])
    destroyed = destroy_keys([held, erased], keep={held: ["contact", "notice"]})
    assert destroyed == {held: len(SEALED_CLASSES) - 1, erased: len(SEALED_CLASSES)}
    alive = DataKey.objects.filter(wrapped__isnull=False).values_list("owner", "retention_class")
    assert sorted(alive) == sorted([(held, "contact"), (held, "notice")])
    forget_keys()
    key_for(held, "contact")
    for owner, name in ((held, "account"), (erased, "account"), (erased, "contact")):
        with pytest.raises(KeyDestroyed):
            key_for(owner, name)


def test_a_process_remembers_the_keys_of_so_many_only(monkeypatch):
    monkeypatch.setattr(keys, "REMEMBERED_OWNERS", 3)
    owners = [make_subject().pk for _ in range(10)]
    forget_keys()
    for owner in owners:
        key_for(owner, "account")
        assert len(keys._remembered()) <= 3
    assert owners[-1] in keys._remembered()


def test_a_system_key_is_made_once_wrapped_and_bound_to_its_name():
    key = system_key("blind-index")
    assert len(key) == 32
    assert system_key("other") != key
    row = SystemKey.objects.get(name="blind-index")
    assert key not in bytes(row.wrapped)
    keys._system_keys.clear()
    assert system_key("blind-index") == key
    keys._system_keys.clear()
    SystemKey.objects.filter(name="other").update(wrapped=row.wrapped)
    with pytest.raises(CannotOpen):
        system_key("other")
