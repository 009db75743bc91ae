"""Keys live apart, wrapped; a destroyed one leaves a dated gravestone without a name."""

import base64

import pytest
from django.db import IntegrityError, connections
from django.test import override_settings

from privacy.encryption.keys import KeyMissing, create_keys, destroy_keys, forget_keys, key_for
from privacy.encryption.master_keys import CannotOpen
from privacy.encryption.models import DataKey
from tests.factories import make_subject


def test_keys_are_in_the_keys_database_only():
    subject = make_subject()
    assert DataKey.objects.filter(owner=subject.pk).db == "keys"
    assert "privacy_datakey" not in connections["default"].introspection.table_names()
    assert "privacy_datasubject" not in connections["keys"].introspection.table_names()


def test_a_stored_key_is_wrapped():
    subject = make_subject()
    nonce, plain = b"0" * 12, key_for(subject.pk, "account")
    wrapped = bytes(DataKey.objects.get(owner=subject.pk, retention_class="account").wrapped)
    assert len(wrapped) == 12 + 32 + 16
    assert plain.encrypt(nonce, b"x", None)  # the key itself works, though nothing of it is stored in clear


def test_a_destroyed_key_leaves_a_dated_gravestone():
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
