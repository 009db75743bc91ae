"""Sealing and opening ten fields, against AES-256-GCM alone."""

import os
import uuid

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.rounds import Comparison, compare
from privacy.encryption import keys
from privacy.encryption.sealing import Place, seal, unseal

FIELDS = [f"a value of ordinary length, number {n}" for n in range(10)]


def sealing_against_aes() -> Comparison:
    """Ten values sealed and opened in their places; the key is in memory, as within a request."""
    key, owner = AESGCM(AESGCM.generate_key(256)), uuid.uuid4()
    keys._remember(owner, {"account": key})
    places = [Place("accounts_profile", f"field_{n}", str(owner), owner, "account") for n in range(10)]
    associated = places[0].associated()

    def portal() -> list[str]:
        sealed = [seal(text, place) for text, place in zip(FIELDS, places, strict=True)]
        return [unseal(data, place) for data, place in zip(sealed, places, strict=True)]

    def aes() -> list[bytes]:
        made = []
        for text in FIELDS:
            nonce = os.urandom(12)
            made.append((nonce, key.encrypt(nonce, text.encode(), associated)))
        return [key.decrypt(nonce, data, associated) for nonce, data in made]

    return compare("seal and open ten fields", portal, aes, times=200)
