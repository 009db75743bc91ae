"""A secret that can be guessed is weak, and a random one of any program is not."""

import secrets
import string

import pytest

from portal.settings.weak_secrets import is_weak

pytestmark = pytest.mark.embedded

# What can be guessed: words that examples use, in any case and spelling, and what a counter or a repetition makes.
GUESSED = {
    "one character": "a" * 64,
    "a repetition": "abcdefgh" * 8,
    "two characters": "ab" * 32,
    "a sequence": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "a sequence backwards": "9876543210" * 7,
    "a keyword at its start": "django-insecure-zK3v9Qw5Yt7Lr2Np8Xc4Hb6Md1Js0Gf-zK3v9Qw5Yt7Lr2Np8",
    "a keyword inside": "my-changeme-zK3v9Qw5Yt7Lr2Np8Xc4Hb6Md1Js0Gf-Uo8Ei5Ra3Tw6",
    "a keyword in capitals": "zK3v9Qw5Yt7Lr2Np8Xc4Hb6Md1Js0Gf-Uo8Ei5Ra3Tw6-CHANGE_ME",
    "a keyword at its end": "zK3v9Qw5Yt7Lr2Np8Xc4Hb6Md1Js0Gf-Uo8Ei5Ra3Tw6-password",
    "for tests": "test-zK3v9Qw5Yt7Lr2Np8Xc4Hb6Md1Js0Gf-Uo8Ei5Ra3Tw6-zK3v9Qw5",
}
GUESSED_KEYS = {
    "one byte": b"k" * 32,
    "a counter": bytes(range(32)),
    "a counter from the middle": bytes(range(200, 232)),
    "steps of seven": bytes(number * 7 % 256 for number in range(32)),
    "a keyword": b"changeme-changeme-changeme-12345",
    "a keyword in capitals": b"8Xc4Hb6Md1Js0GfUo8Ei-CHANGEME-Ra",
}


@pytest.mark.parametrize("value", GUESSED.values(), ids=GUESSED.keys())
def test_a_secret_that_can_be_guessed_is_weak(value: str):
    assert is_weak(value.encode(), 32)


@pytest.mark.parametrize("key", GUESSED_KEYS.values(), ids=GUESSED_KEYS.keys())
def test_a_master_key_that_can_be_guessed_is_weak(key: bytes):
    assert is_weak(key, 32)


def test_a_short_secret_is_weak():
    assert is_weak(secrets.token_bytes(31), 32)


@pytest.mark.parametrize("make", [secrets.token_hex, secrets.token_urlsafe, secrets.token_bytes])
def test_random_secrets_are_not_weak(make):
    made = [make(size) for size in (32, 48, 64, 256) for _ in range(200)]
    assert [value for value in made if is_weak(value if isinstance(value, bytes) else value.encode(), 32)] == []


@pytest.mark.parametrize("value", ["T-EstE6Ot", "tEsTq9Zw4", "Te_sT2p-7"])
def test_a_random_secret_may_begin_with_the_letters_of_a_short_word(value: str):
    assert not is_weak((value + "zK3v9Qw5Yt7Lr2Np8Xc4Hb6Md1Js0Gf").encode(), 32)


def test_random_digits_and_random_letters_are_not_weak():
    for alphabet in (string.digits, string.ascii_lowercase):
        made = ["".join(secrets.choice(alphabet) for _ in range(size)) for size in (50, 100, 1000) for _ in range(50)]
        assert [value for value in made if is_weak(value.encode(), 50)] == []
