"""Data without a person, such as a session's payload, is sealed under a system key, in its own place."""

import pytest

from privacy.encryption.keys import system_key
from privacy.encryption.master_keys import NONCE_BYTES, CannotOpen
from privacy.encryption.models import SystemKey
from privacy.encryption.sealing import seal_for_system, unseal_for_system


def test_it_opens_under_its_key_and_in_its_place_only():
    sealed = seal_for_system(b"payload", "session", "place one")
    assert unseal_for_system(sealed, "session", "place one") == b"payload"
    for key_name, place in (("session", "place two"), ("evidence", "place one")):
        with pytest.raises(CannotOpen):
            unseal_for_system(sealed, key_name, place)


def test_every_changed_bit_is_noticed():
    sealed = bytearray(seal_for_system(b"payload", "session", "place"))
    for position in range(len(sealed)):
        sealed[position] ^= 1
        with pytest.raises(CannotOpen):
            unseal_for_system(bytes(sealed), "session", "place")
        sealed[position] ^= 1


def test_equal_payloads_have_different_ciphertexts_and_nothing_of_them_shows():
    one, two = (seal_for_system(b"payload", "session", "place") for _ in range(2))
    assert one[1 : 1 + NONCE_BYTES] != two[1 : 1 + NONCE_BYTES]
    assert b"payload" not in one
    assert len(one) == 1 + NONCE_BYTES + len(b"payload") + 16


def test_its_key_is_stored_under_its_name():
    system_key("session")
    assert list(SystemKey.objects.values_list("name", flat=True)) == ["session"]
