"""Data sealed for one person or session opens for no other: a writer to the tables gains nothing."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from accounts.sessions.models import Session
from accounts.sessions.store import SessionStore
from accounts.users.models import User
from privacy.encryption.keys import KeyDestroyed, destroy_keys, forget_keys
from privacy.encryption.master_keys import CannotOpen
from tests.factories import PASSWORD, make_person


@pytest.fixture
def victim() -> User:
    return make_person()


@pytest.fixture
def attacker() -> User:
    return make_person()


def signed_in(user: User) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": user.username, "password": PASSWORD})
    assert client.get("/home/").status_code == 200
    return client


def row(user: User) -> Session:
    return Session.objects.get(subject_id=user.subject_id)


def is_signed_in(client: Client) -> bool:
    forget_keys()
    return client.get("/home/").status_code == 200


def test_a_session_moved_to_another_row_is_anonymous(victim: User, attacker: User):
    signed_in(victim)
    client = signed_in(attacker)
    Session.objects.filter(pk=row(attacker).pk).update(session_data=row(victim).session_data)
    assert not is_signed_in(client)


def test_a_whole_row_with_the_victims_subject_is_anonymous(victim: User, attacker: User):
    signed_in(victim)
    client = signed_in(attacker)
    theirs = row(victim)
    Session.objects.filter(pk=row(attacker).pk).update(session_data=theirs.session_data, subject_id=theirs.subject_id)
    assert not is_signed_in(client)


def test_a_session_given_to_another_subject_is_anonymous(victim: User, attacker: User):
    client = signed_in(attacker)
    Session.objects.filter(pk=row(attacker).pk).update(subject_id=victim.subject_id)
    assert not is_signed_in(client)


def test_a_session_without_its_subject_is_anonymous(attacker: User):
    client = signed_in(attacker)
    Session.objects.filter(pk=row(attacker).pk).update(subject_id=None)
    assert not is_signed_in(client)


def test_an_anonymous_session_cannot_be_moved(client: Client):
    first, second = SessionStore(), SessionStore()
    for store, value in ((first, "mine"), (second, "theirs")):
        store["waiting"] = value
        store.save()
    Session.objects.filter(pk=first.row_key).update(session_data=Session.objects.get(pk=second.row_key).session_data)
    assert SessionStore(first.session_key).get("waiting") is None
    assert SessionStore(second.session_key).get("waiting") == "theirs"


def test_a_session_is_unreadable_with_the_keys_of_its_person_gone(victim: User):
    client = signed_in(victim)
    assert row(victim).get_decoded()[SESSION_KEY] == str(victim.pk)
    destroy_keys([victim.subject_id])
    assert row(victim).get_decoded() == {}
    assert not is_signed_in(client)


def test_a_session_is_not_stored_once_its_person_was_erased(victim: User):
    store = SessionStore(signed_in(victim).session.session_key)
    store["more"] = 1
    destroy_keys([victim.subject_id])
    with pytest.raises(UpdateError):
        store.save()


def make_app(user: User) -> str:
    return TOTP.activate(user, "A" * 32).instance.data["secret"]


def make_codes(user: User) -> str:
    return RecoveryCodes.activate(user).instance.data["seed"]


FACTORS = pytest.mark.parametrize(("make", "name"), [(make_app, "secret"), (make_codes, "seed")], ids=["app", "codes"])


def factor_of(user: User) -> Authenticator:
    forget_keys()
    return Authenticator.objects.get(user=user)


@FACTORS
def test_a_second_factors_secret_opens_in_its_own_row_only(victim: User, attacker: User, make, name: str):
    make(victim)
    make(attacker)
    before = get_adapter().decrypt(factor_of(victim).data[name])
    assert before != factor_of(victim).data[name]
    Authenticator.objects.filter(user=victim).update(data=factor_of(attacker).data)
    with pytest.raises(CannotOpen):
        get_adapter().decrypt(factor_of(victim).data[name])


@FACTORS
def test_a_second_factor_given_to_another_person_does_not_open(victim: User, attacker: User, make, name: str):
    make(attacker)
    Authenticator.objects.filter(user=attacker).update(user=victim)
    with pytest.raises(CannotOpen):
        get_adapter().decrypt(factor_of(victim).data[name])


@FACTORS
def test_an_old_copy_of_a_second_factor_is_unreadable_with_the_keys_of_its_person_gone(victim: User, make, name: str):
    make(victim)
    destroy_keys([victim.subject_id])
    with pytest.raises(KeyDestroyed):
        get_adapter().decrypt(factor_of(victim).data[name])


def test_a_secret_that_is_saved_past_its_factor_is_not_kept_in_clear(victim: User):
    secret = get_adapter().encrypt("A" * 32)
    Authenticator.objects.bulk_create([Authenticator(user=victim, type="totp", data={"secret": secret})])
    assert factor_of(victim).data["secret"] == ""
