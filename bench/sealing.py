"""Sealing and opening ten fields, against AES-256-GCM alone."""

import os
import uuid

from bench.rounds import Comparison, compare
from privacy.encryption.keys import create_keys, key_for
from privacy.encryption.sealing import Place, seal, unseal

FIELDS = [f"a value of ordinary length, number {n}" for n in range(10)]


def sealing_against_aes() -> Comparison:
    """Ten values sealed and opened in their places; the key is in memory, as within a request."""
    owner = uuid.uuid4()
    create_keys(owner, ["account"])
    key = key_for(owner, "account")
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
