"""A sealed column is ciphertext in the database, and opens only in its own place."""

import datetime as dt

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.encryption.keys import KeyDestroyed, destroy_keys, forget_keys
from privacy.encryption.master_keys import CannotOpen
from privacy.encryption.sealing import Place, seal, unseal
from tests.factories import make_subject, make_user


def raw(user: User) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT username FROM accounts_user WHERE id = %s",
            [user.pk.hex if connection.vendor == "sqlite" else user.pk],
        )
        return bytes(cursor.fetchone()[0])


def test_the_database_sees_ciphertext_only():
    user = make_user(username="张伟")
    assert "张伟".encode() not in raw(user)
    assert "张伟".encode("utf-16-le") not in raw(user)


def test_a_loaded_row_opens_when_it_is_read():
    make_user(username="张伟")
    assert User.objects.get(username_index="张伟").username == "张伟"


def test_a_value_that_was_not_touched_keeps_its_ciphertext():
    user = User.objects.get(pk=make_user(username="before").pk)
    ciphertext = raw(user)
    user.save()
    assert raw(user) == ciphertext


def test_a_changed_value_is_sealed_again():
    user = User.objects.get(pk=make_user(username="before").pk)
    user.username = "after"
    user.save()
    assert User.objects.get(pk=user.pk).username == "after"


def test_equal_values_of_two_people_have_different_ciphertexts():
    place_one, place_two = (Place("t", "c", "1", make_subject().pk, "account") for _ in range(2))
    assert seal("same", place_one)[13:] != seal("same", place_two)[13:]


@pytest.mark.parametrize("change", ["table", "column", "row", "retention_class"])
def test_a_moved_ciphertext_never_opens(change: str):
    subject = make_subject()
    place = Place("table", "column", "row", subject.pk, "account")
    moved = {"table": place.table, "column": place.column, "row": place.row, "retention_class": "account"}
    moved[change] = "contact"
    sealed = seal("secret", place)
    with pytest.raises(CannotOpen):
        unseal(sealed, Place(owner=subject.pk, **moved))


def test_a_ciphertext_of_another_person_never_opens():
    sealed = seal("secret", Place("t", "c", "r", make_subject().pk, "account"))
    with pytest.raises(CannotOpen):
        unseal(sealed, Place("t", "c", "r", make_subject().pk, "account"))


def test_every_changed_bit_is_noticed():
    place = Place("t", "c", "r", make_subject().pk, "account")
    sealed = bytearray(seal("secret", place))
    for position in range(len(sealed)):
        sealed[position] ^= 1
        with pytest.raises(CannotOpen):
            unseal(bytes(sealed), place)
        sealed[position] ^= 1


def test_a_destroyed_key_opens_nothing_and_seals_nothing():
    user = make_user(username="someone")
    destroy_keys([user.subject_id])
    late = User.objects.get(pk=user.pk)
    with pytest.raises(KeyDestroyed):
        _ = late.username
    late.username = "late write"
    with pytest.raises(KeyDestroyed):
        late.save()


def test_a_key_destroyed_elsewhere_is_seen_by_the_next_request():
    user = make_user(username="someone")
    assert user.username == "someone"
    destroy_keys([user.subject_id])
    forget_keys()
    with pytest.raises(KeyDestroyed):
        _ = User.objects.get(pk=user.pk).username


def test_update_of_a_sealed_column_is_refused():
    make_user()
    with pytest.raises(FieldError):
        User.objects.update(username="in clear")


def test_bulk_update_of_a_sealed_column_is_refused():
    user = make_user()
    user.username = "in clear"
    with pytest.raises(FieldError):
        User.objects.bulk_update([user], ["username"])


def test_a_sealed_column_cannot_be_searched():
    with pytest.raises(FieldError):
        User.objects.filter(username="someone")


def test_a_sealed_column_is_never_serialized():
    with pytest.raises(FieldError):
        serializers.serialize("json", [make_user()])


def test_a_value_that_was_left_out_is_fetched_alone_when_it_is_read():
    make_user(username="someone")
    user = User.objects.only("pk", "subject_id").get()
    assert user.username == "someone"
    assert "password" in user.get_deferred_fields()


def test_a_date_comes_back_as_a_date():
    profile = Profile(subject=make_subject(), kind="enterprise", business_period_start=dt.date(2010, 3, 9))
    profile.save()
    loaded = Profile.objects.get()
    assert loaded.business_period_start == dt.date(2010, 3, 9)
    assert loaded.business_period_end is None


def test_a_column_says_which_key_and_place_its_values_are_sealed_under():
    user = make_user(username="someone")
    place = Place("accounts_user", "username", user.pk.hex, user.subject_id, "account")
    assert unseal(raw(user), place) == "someone"


def test_only_emptiness_can_be_searched():
    make_user()
    assert User.objects.filter(username__isnull=False).count() == 1
    assert User.objects.filter(username__isnull=True).count() == 0


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_as_it_went_in(text: str):
    place = Place("t", "c", "r", make_subject().pk, "account")
    assert unseal(seal(text, place), place) == text
