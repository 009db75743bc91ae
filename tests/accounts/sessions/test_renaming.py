"""A person names devices and passkeys in their own words, which only their key opens."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from accounts.second_factors.passkey_names import name_of, note_device, rename_passkey, typed_name
from accounts.sessions.forms import NameForm
from accounts.sessions.known_devices import known_devices_of
from accounts.sessions.models import KnownDevice
from accounts.users.models import User
from tests.app import App
from tests.copies import document_of
from tests.erasures import erase
from tests.factories import PASSWORD, make_person
from tests.passkeys import PasskeyDevice
from tests.sign_in_clients import client_of

CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537"
NAME = "Maria’s phone 📱"
TOO_LONG = "x" * 61


@pytest.fixture
def phone(person: User) -> Client:
    client = Client(headers={"user-agent": CHROME})
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    return client


@pytest.fixture
def device(phone: Client, person: User) -> KnownDevice:
    return KnownDevice.objects.get(subject_id=person.subject_id)


@pytest.fixture
def passkey(person: User) -> Authenticator:
    PasskeyDevice().set_up(person)
    return Authenticator.objects.get(user=person)


def name_page(thing: KnownDevice | Authenticator) -> str:
    place = "devices" if isinstance(thing, KnownDevice) else "security/passkeys"
    return f"/settings/{place}/{thing.pk}/name/"


def endpoint(thing: KnownDevice | Authenticator) -> str:
    return f"auth/{'devices' if isinstance(thing, KnownDevice) else 'passkeys'}/{thing.pk}"


@pytest.fixture(params=["device", "passkey"])
def thing(request: pytest.FixtureRequest) -> KnownDevice | Authenticator:
    return request.getfixturevalue(request.param)


def app_of(person: User) -> App:
    app = App()
    app.sign_in(person.username, PASSWORD)
    return app


def test_a_device_is_renamed_and_its_family_stays_beside_the_name(phone: Client, device: KnownDevice):
    assert phone.post(name_page(device), {"name": f"  {NAME} "}).headers["Location"] == "/settings/devices/"
    page = phone.get("/settings/devices/").content.decode()
    assert f"<bdi>{NAME}</bdi>" in page
    assert "Chrome on Android<br>" in page
    assert f'value="{NAME}"' in phone.get(name_page(device)).content.decode()


def test_a_name_stays_when_the_person_signs_out_and_in(phone: Client, device: KnownDevice, person: User):
    phone.post(name_page(device), {"name": NAME})
    phone.post("/sign-out/")
    other = client_of(person)
    assert NAME in other.get("/settings/devices/").content.decode()
    phone.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    assert phone.get("/settings/devices/").context["signed_in"][0].name == NAME


def test_a_passkey_is_renamed(person: User, passkey: Authenticator):
    browser = client_of(person)
    assert browser.post(name_page(passkey), {"name": NAME}).headers["Location"] == "/settings/security/"
    assert f"<bdi>{NAME}</bdi>" in browser.get("/settings/security/").content.decode()


@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u202e", TOO_LONG])
def test_a_name_that_cannot_be_is_refused_on_the_page_and_kept_there(
    person: User, thing: KnownDevice | Authenticator, typed: str
):
    browser = client_of(person)
    page = browser.post(name_page(thing), {"name": typed}).content.decode()
    assert "There is a problem" in page
    assert ("at most 60 characters" if typed == TOO_LONG else "Enter a name, such as “My phone”.") in page
    if typed == TOO_LONG:
        assert f'value="{TOO_LONG}"' in page
    thing.refresh_from_db()
    assert not (thing.name if isinstance(thing, KnownDevice) else typed_name(thing))


@pytest.mark.parametrize("typed", ["", "\u200b", TOO_LONG, 7, None])
def test_an_app_gets_an_error_at_the_member(person: User, device: KnownDevice, typed: object):
    answer = app_of(person).send("PATCH", endpoint(device), {"name": typed})
    assert answer.status_code == 422
    assert answer.json()["errors"].keys() == {"name"}


def quietly_added_passkey(person: User) -> Authenticator:
    """A passkey that ends no session."""
    passkey = Authenticator.objects.create(
        user=person, type=Authenticator.Type.RECOVERY_CODES, data={"name": "Passkey 1", "credential": {"id": "x"}}
    )
    Authenticator.objects.filter(pk=passkey.pk).update(type=Authenticator.Type.WEBAUTHN)
    return passkey


def test_an_app_renames_both(person: User, device: KnownDevice):
    app, passkey = app_of(person), quietly_added_passkey(person)
    assert app.send("PATCH", endpoint(passkey), {"name": NAME}).json() == {"id": passkey.pk, "name": NAME}
    assert app.get("auth/factors").json()["passkeys"] == [{"id": passkey.pk, "name": NAME}]
    assert app.send("PATCH", endpoint(device), {"name": NAME}).json()["name"] == NAME
    listed = {row["id"]: row["name"] for row in app.get("auth/devices").json()}
    assert listed[str(device.pk)] == NAME
    in_use = {row["known_device"] for row in app.get("auth/sessions").json()}
    assert in_use == set(listed)


def test_a_thing_of_another_person_is_not_found(thing: KnownDevice | Authenticator):
    other = make_person()
    assert client_of(other).post(name_page(thing), {"name": NAME}).status_code == 404
    assert app_of(other).send("PATCH", endpoint(thing), {"name": NAME}).status_code == 404


def test_the_database_holds_no_name_in_clear(person: User, device: KnownDevice, passkey: Authenticator):
    browser = client_of(person)
    for one in (device, passkey):
        browser.post(name_page(one), {"name": "Annegret"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_knowndevice")
        kept = str(cursor.fetchall())
        cursor.execute("SELECT data FROM mfa_authenticator")
        kept += str(cursor.fetchall())
    assert "Annegret" not in kept
    assert b"Annegret".hex() not in kept


def test_a_copy_has_both_names_and_an_erasure_removes_them(person: User, passkey: Authenticator):
    browser = client_of(person)
    device = KnownDevice.objects.get(subject_id=person.subject_id)
    for one in (device, passkey):
        browser.post(name_page(one), {"name": NAME})
    records = document_of(person.subject)["records"]
    assert NAME in [row["name"] for row in records["known_devices"]]
    assert [row["name"] for row in records["second_factors"]] == [NAME]
    erase(person)
    assert not known_devices_of(person.subject_id).exists()
    assert not Authenticator.objects.exists()


def test_a_name_for_what_is_removed_meanwhile_is_refused_in_words(
    person: User, thing: KnownDevice | Authenticator, monkeypatch: pytest.MonkeyPatch
):
    def removes_first(form: NameForm) -> str:
        type(thing).objects.filter(pk=thing.pk).delete()
        return str(form.cleaned_data["name"])

    browser = client_of(person)
    monkeypatch.setattr(NameForm, "clean_name", removes_first)
    page = browser.post(name_page(thing), {"name": NAME}, follow=True)
    assert page.status_code == 200
    assert "It was removed in the meantime" in page.content.decode()


def test_an_app_that_names_what_is_removed_meanwhile_gets_not_found(
    person: User, device: KnownDevice, monkeypatch: pytest.MonkeyPatch
):
    app, passkey = app_of(person), quietly_added_passkey(person)

    def removes_first(form: NameForm) -> str:
        KnownDevice.objects.all().delete()
        Authenticator.objects.filter(pk=passkey.pk)._raw_delete("default")  # ends no session
        return str(form.cleaned_data["name"])

    monkeypatch.setattr(NameForm, "clean_name", removes_first)
    assert app.send("PATCH", endpoint(passkey), {"name": NAME}).status_code == 404
    device.save(force_insert=True)
    assert app.send("PATCH", endpoint(device), {"name": NAME}).status_code == 404


def test_a_name_moved_to_another_passkey_does_not_open(person: User, passkey: Authenticator):
    rename_passkey(passkey, NAME)
    moved = passkey.data["typed_name"]
    PasskeyDevice().set_up(person)
    other = Authenticator.objects.exclude(pk=passkey.pk).get()
    other.data["typed_name"] = moved
    assert typed_name(other) == ""
    stranger = make_person()
    passkey.user = stranger
    assert typed_name(passkey) == ""


def test_a_passkey_without_a_name_is_called_after_its_device_or_has_a_number(passkey: Authenticator):
    assert name_of(passkey) == "Passkey 1"
    note_device(passkey, "Chrome on Android")
    assert name_of(passkey) == "Chrome on Android"
    note_device(passkey, "Unknown device")
    assert name_of(passkey) == "Passkey 1"


def test_undoing_a_removal_restores_the_name(person: User, passkey: Authenticator):
    rename_passkey(passkey, NAME)
    restored = Authenticator.objects.create(user=person, type=passkey.type, data=dict(passkey.data))
    passkey.delete()
    assert name_of(restored) == NAME


def test_the_list_has_this_device_first_then_the_others_and_those_of_before(phone: Client, person: User):
    laptop = client_of(person)
    laptop.post("/sign-out/")
    tablet = client_of(person)
    shown = phone.get("/settings/devices/").context
    assert [one.session.is_this for one in shown["signed_in"]] == [True, False]
    assert len(shown["earlier"]) == 1
    [first, second] = shown["signed_in"]
    assert first.first_used_at == first.known.created_at
    assert second.known.pk not in [device.pk for device in shown["earlier"]]
    phone.post("/settings/security/sessions/end/", {"which": second.session.handle})
    assert tablet.get("/home/").status_code == 302
    assert len(phone.get("/settings/devices/").context["earlier"]) == 2
    phone.post("/settings/security/sessions/end/", {"which": "others"})
    assert not phone.get("/settings/devices/").context["earlier"]
