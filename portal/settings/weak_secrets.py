"""Finds secrets that can be guessed: short ones, those of examples, repetitions and sequences."""

import re
import zlib
from itertools import pairwise

# Words of examples and of what people type: a random secret contains none of this length by chance.
KNOWN_WORDS = (b"changeme", b"replaceme", b"secret", b"password", b"insecure", b"default", b"example")
# A shorter word counts at the beginning only, and with what ends it: a random secret in a million begins with "T-Est".
FIRST_WORD = re.compile(rb"test(ing)?[-_.: ]", re.IGNORECASE)
LEAST_CHARACTERS = 8
# Random digits, the most regular of random texts, shrink to two fifths; a repetition shrinks further.
LEAST_SHARE = 1 / 3


def is_weak(value: bytes, least: int) -> bool:
    """Whether a secret can be guessed: it has fewer than `least` bytes, a known word, or a pattern."""
    words = re.sub(rb"[^a-z0-9]", b"", value.lower())
    has_known_word = any(word in words for word in KNOWN_WORDS) or FIRST_WORD.match(value) is not None
    return len(value) < least or has_known_word or len(set(value)) < LEAST_CHARACTERS or _has_pattern(value)


def _has_pattern(value: bytes) -> bool:
    """Whether the bytes, or the steps between them, repeat: a sequence has equal steps."""
    steps = bytes((second - first) % 256 for first, second in pairwise(value))
    return any(len(_deflated(each)) < LEAST_SHARE * len(each) for each in (value, steps))


def _deflated(value: bytes) -> bytes:
    """Return the value compressed, without a header."""
    packing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packing.compress(value) + packing.flush()
