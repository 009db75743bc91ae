"""Passkeys without a browser: what is refused, and which names are kept. `tests/journeys` walks the rest."""

import json

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.test import Client
from fido2.utils import websafe_encode

from accounts.users.models import User
from tests.factories import make_person
from tests.sign_in_clients import client_of

GARBAGE = ["", "x", "[]", "7", "{}", '"x"', '{"id": "x"}', '{"id":"eA","rawId":"eA","response":{},"type":"public-key"}']
CLIENT_DATA = websafe_encode(b'{"type": "webauthn.create", "challenge": "eA", "origin": "https://portal.example"}')
NESTED = {
    "clientDataJSON": CLIENT_DATA,
    "attestationObject": websafe_encode(b"\x81" * 20_000),
}  # lists in lists
GARBAGE += [json.dumps({"id": "eA", "rawId": "eA", "type": "public-key", "response": NESTED}), "[" * 100_000]
UNKNOWN = (
    '{"id":"eA","rawId":"eA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"%s",'
    '"signature":"eA","userHandle":%s}}'
)


def passkey(user: User, name: str = "Passkey 1") -> Authenticator:
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": {}})


def test_the_challenge_names_no_user(client: Client):
    options = client.get("/sign-in/passkey/").json()["publicKey"]
    assert not options.get("allowCredentials")
    assert options["userVerification"] == "required"


@pytest.mark.parametrize("credential", [*GARBAGE, UNKNOWN % ("eA", "null"), UNKNOWN % ("A" * 60, '"eA"')])
def test_an_invalid_passkey_answer_does_not_sign_in(client: Client, credential: str):
    client.get("/sign-in/passkey/")
    answer = client.post("/sign-in/passkey/", {"credential": credential})
    assert answer.headers["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session


def test_a_forged_passkey_answer_does_not_sign_in(client: Client):
    user = make_person()
    handle = websafe_encode(user_pk_to_url_str(user).encode())
    client.get("/sign-in/passkey/")
    answer = client.post("/sign-in/passkey/", {"credential": UNKNOWN % ("A" * 60, f'"{handle}"')})
    assert answer.headers["Location"] == "/sign-in/"


@pytest.mark.parametrize("credential", GARBAGE)
def test_a_passkey_that_is_none_is_not_added(signed_in: Client, credential: str):
    signed_in.get("/settings/security/passkeys/")
    page = signed_in.post("/settings/security/passkeys/", {"credential": credential}).content.decode()
    assert "could not be added" in page
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", GARBAGE)
def test_garbage_is_no_fresh_sign_in(signed_in: Client, credential: str):
    page = signed_in.post("/sign-in/again/", {"credential": credential}).content.decode()
    assert "The passkey did not work" in page


def test_a_passkey_name_from_the_device_is_not_kept(person: User):
    assert passkey(person, "Maria's phone").data["name"] == "Passkey 1"
    assert passkey(person, "Maria's laptop").data["name"] == "Passkey 2"


def test_a_passkey_of_another_person_cannot_be_removed(signed_in: Client):
    other = passkey(make_person())
    assert signed_in.post(f"/settings/security/passkeys/{other.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=other.pk).exists()


def test_removing_one_of_two_keeps_the_recovery_codes(person: User):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    first, second = passkey(person), passkey(person, "Passkey 2")
    RecoveryCodes.activate(person)
    signed_in = client_of(person)
    signed_in.post(f"/settings/security/passkeys/{first.pk}/remove/")
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"webauthn", "recovery_codes"}
    signed_in.post(f"/settings/security/passkeys/{second.pk}/remove/")
    assert not Authenticator.objects.exists()
