"""A blind index finds by equality, in any case, and reveals nothing without its key."""

from accounts.users.models import User
from privacy.encryption import keys
from privacy.encryption.fields import blind_index
from privacy.encryption.models import SystemKey
from tests.factories import make_user


def test_it_finds_whatever_the_case_and_the_width():
    user = make_user(username="Straße")
    assert User.objects.get(username_index="STRASSE") == user
    assert User.objects.get(username_index__iexact="straße") == user
    assert not User.objects.filter(username_index="strase").exists()


def test_equal_texts_of_different_kinds_have_different_indexes():
    assert blind_index("a@b.example", "username") != blind_index("a@b.example", "contact")


def test_another_key_gives_another_index():
    before = blind_index("someone", "username")
    SystemKey.objects.all().delete()
    keys._system_keys.clear()
    assert blind_index("someone", "username") != before


def test_the_key_survives_a_restart():
    before = blind_index("someone", "username")
    keys._system_keys.clear()
    assert blind_index("someone", "username") == before


def test_a_column_holds_the_index_of_its_own_kind():
    user = make_user(username="someone")
    assert User.objects.get(username_index=blind_index("someone", "username")) == user
    assert not User.objects.filter(username_index=blind_index("someone", "contact")).exists()


def test_letters_that_look_alike_are_the_same_only_where_unicode_says_so():
    composed, decomposed = "é", "e\u0301"
    assert blind_index(composed, "username") == blind_index(decomposed, "username")
    assert blind_index("ﬁnd", "username") == blind_index("FIND", "username")
    assert blind_index("а", "username") != blind_index("a", "username")  # Cyrillic
    assert len(blind_index("", "username")) == 32
