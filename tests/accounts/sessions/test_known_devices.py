"""A device that signed in before has tries of its own, is shown to its owner, and is forgotten in time."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.sessions.copy_rows import device_rows
from accounts.sessions.models import KnownDevice
from accounts.tries.limits import GROWING
from accounts.users.models import User
from privacy.notices.models import Notice
from tests.app import App
from tests.factories import PASSWORD, give_second_factor, make_person
from tests.sign_in_clients import app_code, client_of, newest_code

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


pytestmark = pytest.mark.usefixtures("limits_on")


@pytest.fixture
def old_person() -> User:
    """A person who registered long ago."""
    person = make_person()
    person.verified_at = timezone.now() - dt.timedelta(days=100)
    person.save(update_fields=["verified_at"])
    return person


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str):
    return client.post("/sign-in/", {"login": login, "password": password}, **more)


def phone_of(person: User) -> str:
    return str(ContactPoint.objects.get(subject_id=person.subject_id).value)


def test_a_known_device_signs_in_while_others_guess_on_pages(client: Client, person: User):
    assert sign_in(client, person.username).status_code == 302
    cookie = client.cookies["device"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    client.post("/sign-out/")
    answers = [sign_in(Client(), person.username, "wrong").status_code for _ in range(15)]
    assert answers[-1] == 429
    assert sign_in(Client(), person.username, REMOTE_ADDR="203.0.113.9").status_code == 429
    assert sign_in(client, person.username, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_a_known_device_signs_in_while_others_guess_over_rest(person: User):
    app = App()
    device = app.sign_in(person.username, PASSWORD).json()["device"]
    assert device
    answers = [App().sign_in(person.username, "wrong").status_code for _ in range(15)]
    assert answers[-1] == 429
    body = {"login": person.username, "password": PASSWORD}
    answer = App().post("auth/sign-in", body | {"device": device})
    assert answer.status_code == 200
    assert answer.json()["device"] == ""
    assert App().post("auth/sign-in", body | {"device": "0" * 64}).status_code in (200, 429)


def test_a_device_has_waits_of_its_own_and_helps_with_its_persons_names_only(client: Client, person: User):
    other = make_person()
    sign_in(client, person.username)
    client.post("/sign-out/")
    for _ in range(GROWING.free):
        assert sign_in(client, person.username, "wrong").status_code == 200
    assert sign_in(client, person.username).status_code == 429
    for _ in range(GROWING.free):
        sign_in(Client(), other.username, "wrong")
    assert sign_in(client, other.username).status_code == 429


def test_a_known_device_has_tries_of_its_own_at_the_second_factor(client: Client, person: User):
    give_second_factor(person)  # adding one elsewhere makes every device a new one
    sign_in(client, person.username)
    client.post("/sign-in/second-step/", {"code": app_code()})
    client.post("/sign-out/")
    other = Client()
    sign_in(other, person.username)
    for _ in range(GROWING.free):
        assert other.post("/sign-in/second-step/", {"code": "000000"}).status_code == 200
    assert other.post("/sign-in/second-step/", {"code": "000000"}).status_code == 429
    sign_in(client, person.username)
    assert client.post("/sign-in/second-step/", {"code": "000000"}).status_code == 200


def test_only_a_hash_of_the_device_is_kept(client: Client, person: User):
    sign_in(client, person.username, headers={"user-agent": FIREFOX})
    known = KnownDevice.objects.get(subject_id=person.subject_id)
    token = client.cookies["device"].value
    assert bytes(known.hash).hex() != token
    assert token.encode() not in bytes(known.hash)
    assert known.device == "Firefox on Linux"


def test_a_new_device_sends_a_notice_and_a_known_one_does_not(client: Client, old_person: User):
    notices = Notice.objects.filter(template="new_sign_in", subject_id=old_person.subject_id)
    sign_in(client, old_person.username, headers={"user-agent": FIREFOX})
    assert notices.count() == 1
    client.post("/sign-out/")
    sign_in(client, old_person.username)
    assert notices.count() == 1
    sign_in(Client(), old_person.username)
    assert notices.count() == 2


def test_the_first_sign_in_after_registration_sends_no_notice(client: Client, person: User):
    sign_in(client, person.username)
    assert not Notice.objects.filter(template="new_sign_in").exists()


@pytest.mark.parametrize("which", ["others", "all"])
def test_ending_sessions_forgets_the_other_devices(client: Client, person: User, which: str):
    sign_in(Client(), person.username)
    sign_in(client, person.username)
    client.post("/settings/security/sessions/end/", {"which": which})
    left = KnownDevice.objects.filter(subject_id=person.subject_id).count()
    assert left == (1 if which == "others" else 0)


def test_a_new_password_forgets_the_other_devices(client: Client, person: User):
    sign_in(Client(), person.username)
    sign_in(client, person.username)
    client.post("/settings/security/password/", {"current": PASSWORD, "password": "Granite-Willow-Basket-72"})
    client.post("/sign-out/")
    assert KnownDevice.objects.filter(subject_id=person.subject_id).count() == 1
    for _ in range(15):
        sign_in(Client(), person.username, "wrong")
    assert sign_in(client, person.username, "Granite-Willow-Basket-72").status_code == 302


def test_known_devices_are_shown_copied_and_forgotten_one_by_one(client: Client, person: User):
    sign_in(client, person.username, headers={"user-agent": FIREFOX})
    shown = client.get("/settings/devices/").context
    assert ([one.session.device for one in shown["signed_in"]], shown["earlier"]) == (["Firefox on Linux"], [])
    known = KnownDevice.objects.get(subject_id=person.subject_id)
    assert [row["device"] for row in device_rows(person.subject_id)] == ["Firefox on Linux"]
    app = App()
    app.sign_in(person.username, PASSWORD)
    listed = app.get("auth/devices").json()
    assert {row["id"] for row in listed} > {str(known.pk)}
    other = make_person()
    assert client_of(other).post(f"/settings/security/devices/{known.pk}/forget/").status_code == 302
    assert KnownDevice.objects.filter(pk=known.pk).exists()
    assert app.send("DELETE", f"auth/devices/{known.pk}").status_code == 204
    assert app.send("DELETE", f"auth/devices/{known.pk}").status_code == 404
    (left,) = KnownDevice.objects.filter(subject_id=person.subject_id)
    client.post(f"/settings/security/devices/{left.pk}/forget/")
    assert not KnownDevice.objects.filter(subject_id=person.subject_id).exists()


@pytest.mark.parametrize("path", ["auth/recover", "auth/code"])
def test_codes_requested_by_strangers_do_not_block_a_known_device(person: User, path: str):
    app, phone = App(), {"login": phone_of(person)}
    device = app.sign_in(person.username, PASSWORD).json()["device"]
    stranger = [App().post(path, phone).status_code for _ in range(8)]
    assert stranger == [200] * 6 + [429] * 2
    own = [App().post(path, phone | {"device": device}).status_code for _ in range(7)]
    assert own == [200] * 6 + [429]
    others = App().sign_in(make_person().username, PASSWORD)
    assert App().post(path, phone | {"device": others.json()["device"]}).status_code == 429


def test_codes_requested_by_strangers_do_not_block_a_known_browser(client: Client, person: User):
    sign_in(client, person.username)
    client.post("/sign-out/")
    for _ in range(7):
        Client().post("/recover/", {"login": phone_of(person)})
    assert client.post("/recover/", {"login": phone_of(person)}).status_code == 302


def test_a_shared_browser_is_a_known_device_for_each_person(client: Client, person: User, old_person: User):
    other = make_person()
    User.objects.filter(pk__in=[person.pk, other.pk]).update(verified_at=old_person.verified_at)
    for who in (person, other) * 3:
        sign_in(client, who.username)
        client.post("/sign-out/")
    assert KnownDevice.objects.filter(subject_id__in=[person.subject_id, other.subject_id]).count() == 2
    assert Notice.objects.filter(template="new_sign_in").count() == 2


def test_a_browser_keeps_the_newest_tokens_only(client: Client):
    people = [make_person() for _ in range(10)]
    for who in people:
        sign_in(client, who.username)
        client.post("/sign-out/")
    assert len(client.cookies["device"].value.split(".")) == 8
    for who in people[-8:]:
        sign_in(client, who.username)
        client.post("/sign-out/")
    assert KnownDevice.objects.count() == 10


def test_the_app_that_recovered_the_account_is_known(person: User):
    app, new = App(), "Granite-Willow-Basket-72"
    app.post("auth/recover", {"login": phone_of(person)})
    app.post("auth/recover/confirm", {"code": newest_code("recovery_code")})
    device = app.post("auth/recover/password", {"password": new}).json()["device"]
    for _ in range(15):
        sign_in(Client(), person.username, "wrong")
    assert App().sign_in(person.username, new).status_code == 429
    answer = App().post("auth/sign-in", {"login": person.username, "password": new, "device": device})
    assert answer.json()["signed_in"] is True


def test_a_recovery_alone_makes_no_device_known_where_there_is_a_second_factor(client: Client, person: User):
    give_second_factor(person)
    client.post("/recover/", {"login": phone_of(person)})
    client.post("/recover/code/", {"code": newest_code("recovery_code")})
    client.post("/recover/password/", {"password": "Granite-Willow-Basket-72"})
    assert not KnownDevice.objects.exists()
    app = App()
    app.post("auth/recover", {"login": phone_of(person)})
    app.post("auth/recover/confirm", {"code": newest_code("recovery_code")})
    assert app.post("auth/recover/password", {"password": "Granite-Piano-River-77"}).json() == {"device": ""}


def test_the_browser_that_recovered_the_account_is_known(client: Client, person: User):
    client.post("/recover/", {"login": phone_of(person)})
    client.post("/recover/code/", {"code": newest_code("recovery_code")})
    client.post("/recover/password/", {"password": "Granite-Willow-Basket-72"})
    for _ in range(15):
        sign_in(Client(), person.username, "wrong")
    assert sign_in(client, person.username, "Granite-Willow-Basket-72").status_code == 302
