"""A passkey in software: makes credentials and answers challenges, with or without verifying its user."""

import json
import os
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256, CoseKey
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts.users.models import User

RP, ORIGIN = "testserver", "https://testserver"
Flag = AuthenticatorData.FLAG


class PasskeyDevice:
    """One credential of one person."""

    def __init__(self, algorithm: int = ES256.ALGORITHM) -> None:
        self.algorithm = algorithm
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(16)
        self.handle = ""

    def set_up(self, user: User) -> "PasskeyDevice":
        """Become a passkey of a person without a ceremony, as if it was added earlier."""
        WebAuthn.add(user, "Passkey 1", self.made({"publicKey": {"challenge": "AA", "user": {"id": ""}}}))
        self.handle = websafe_encode(user_pk_to_url_str(user).encode())
        return self

    def made(self, options: dict[str, Any], *, verified: bool = True) -> dict[str, Any]:
        """Answer the challenge to add a passkey."""
        asked = options["publicKey"]
        self.handle = asked["user"]["id"]
        public = CoseKey(ES256.from_cryptography_key(self.key.public_key()) | {3: self.algorithm})
        attested = AttestedCredentialData.create(Aaguid(bytes(16)), self.id, public)
        data = AuthenticatorData.create(sha256(RP.encode()), _flags(verified) | Flag.AT, 0, attested)
        client = CollectedClientData.create("webauthn.create", asked["challenge"], ORIGIN)
        answer = {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._credential(answer) | {"clientExtensionResults": {"credProps": {"rk": True}}}

    def answer(self, options: dict[str, Any], *, verified: bool = True) -> dict[str, Any]:
        """Answer a challenge to prove who its owner is."""
        data = AuthenticatorData.create(sha256(RP.encode()), _flags(verified), 1)
        client = CollectedClientData.create("webauthn.get", options["publicKey"]["challenge"], ORIGIN)
        signature = self.key.sign(data + client.hash, ec.ECDSA(SHA256()))
        answer = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": self.handle,
        }
        return self._credential(answer)

    def typed(self, options: dict[str, Any], *, verified: bool = True) -> dict[str, str]:
        """Answer as a page's form sends it."""
        return {"credential": json.dumps(self.answer(options, verified=verified))}

    def _credential(self, response: dict[str, str]) -> dict[str, Any]:
        named = websafe_encode(self.id)
        return {"id": named, "rawId": named, "type": "public-key", "response": response}


def _flags(verified: bool) -> Any:
    return Flag.UP | Flag.UV if verified else Flag.UP
