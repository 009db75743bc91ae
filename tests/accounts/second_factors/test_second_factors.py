"""An authenticator app and recovery codes: set up, requested at sign-in, sealed, notified, removed."""

import datetime as dt
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from accounts.second_factors.services import has_second_factor
from accounts.security_events.models import SecurityEvent
from accounts.tries.limits import LIMITS
from accounts.users.models import User
from privacy.erasure.services import cancel_account
from privacy.inventory.data_stores import all_data_stores
from privacy.notices.models import Notice
from tests.factories import PASSWORD, TOTP_SECRET, give_second_factor, make_person
from tests.sign_in_clients import app_code, newest_code

APP = "/settings/security/app/"


@pytest.fixture
def person() -> User:
    return make_person(phone="+4915123456789")


@pytest.fixture
def set_up(signed_in: Client, django_capture_on_commit_callbacks) -> Client:
    """A person who set an app up through the pages."""
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(signed_in)
    return signed_in


def sign_in(client: Client, person: User):
    return client.post("/sign-in/", {"login": person.username, "password": PASSWORD})


def set_up_app(client: Client) -> str:
    secret = re.search(r'<code id="secret">(\w+)</code>', client.get(APP).content.decode())[1]
    answer = client.post(APP, {"code": app_code(secret)})
    assert answer.headers["Location"] == "/settings/security/recovery-codes/"
    return secret


def shown_codes(client: Client) -> list[str]:
    page = client.get("/settings/security/recovery-codes/").content.decode()
    return re.findall(r"<code>(\d{8})</code>", page)


def kinds(person: User) -> set[str]:
    return set(SecurityEvent.objects.filter(subject_id=person.subject_id).values_list("kind", flat=True))


def test_the_secret_is_shown_as_a_picture_in_the_page_and_as_text(signed_in: Client):
    page = signed_in.get(APP).content.decode()
    assert "<svg " in page
    assert "data:image" not in page
    assert " style=" not in page


def test_the_page_says_that_codes_by_text_message_are_less_safe(signed_in: Client):
    page = signed_in.get("/settings/security/").content.decode()
    assert "Others can read codes sent by text message or e-mail" in page
    assert "Add a passkey" in page


def test_an_app_is_set_up_by_its_code_and_the_person_is_notified(set_up: Client, person: User):
    assert has_second_factor(person)
    assert {"mfa_added", "recovery_codes_made"} <= kinds(person)
    notices = Notice.objects.get(template="security_changed")
    assert notices.address == "+4915123456789"


def test_a_wrong_code_sets_nothing_up(signed_in: Client, person: User):
    signed_in.get(APP)
    page = signed_in.post(APP, {"code": "000000"}).content.decode()
    assert "This code is wrong" in page
    assert not has_second_factor(person)


def test_setting_up_asks_for_a_fresh_sign_in(signed_in: Client):
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        assert signed_in.get(APP).headers["Location"].startswith("/sign-in/again/")


def test_secrets_and_seeds_are_ciphertext_in_the_table(set_up: Client):
    secret = set_up.session.get("mfa.totp.secret")
    assert secret is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, data FROM mfa_authenticator")
        kept = dict(cursor.fetchall())
    assert set(kept) == {"totp", "recovery_codes"}
    totp = Authenticator.objects.get(type="totp")
    opened = totp.wrap().instance.data["secret"]
    assert re.fullmatch("01[0-9a-f]{100,}", opened)
    seed = Authenticator.objects.get(type="recovery_codes").data["seed"]
    assert re.fullmatch("01[0-9a-f]{100,}", seed)


def test_a_known_secret_is_nowhere_in_the_table(person: User):
    give_second_factor(person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        kept = str(cursor.fetchall())
    assert TOTP_SECRET not in kept
    assert TOTP_SECRET.encode().hex() not in kept


def test_signing_in_asks_for_the_code_after_the_password(client: Client, person: User):
    give_second_factor(person)
    assert sign_in(client, person).headers["Location"] == "/sign-in/second-step/"
    assert client.get("/home/").status_code == 302
    assert "This code is wrong" in client.post("/sign-in/second-step/", {"code": "000000"}).content.decode()
    assert client.get("/home/").status_code == 302
    assert client.post("/sign-in/second-step/", {"code": app_code()}).headers["Location"] == "/home/"
    assert client.get("/home/").status_code == 200
    assert {"sign_in_failed", "signed_in"} <= kinds(person)


def test_a_code_of_the_app_signs_in_once(client: Client, person: User):
    give_second_factor(person)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        code = app_code()
        sign_in(client, person)
        client.post("/sign-in/second-step/", {"code": code})
        clock.shift(dt.timedelta(seconds=30))
        other = Client()
        sign_in(other, person)
        other.post("/sign-in/second-step/", {"code": code})
        assert other.get("/home/").status_code == 302


def test_a_recovery_code_works_once(set_up: Client, person: User):
    code = shown_codes(set_up)[0]
    for works in (True, False):
        browser = Client()
        sign_in(browser, person)
        browser.post("/sign-in/second-step/", {"code": code})
        assert (browser.get("/home/").status_code == 200) is works


def test_the_second_step_needs_a_password(client: Client, person: User):
    give_second_factor(person)
    answer = client.post("/sign-in/second-step/", {"code": app_code()})
    assert answer.headers["Location"] == "/sign-in/"


@override_settings(RATE_LIMITS=True)
def test_wrong_codes_are_limited_whatever_the_session(client: Client, person: User):
    give_second_factor(person)
    sign_in(client, person)
    for _ in range(LIMITS["second_factor"]["person"].free):
        assert client.post("/sign-in/second-step/", {"code": "000000"}).status_code == 200
    other = Client()
    sign_in(other, person)
    assert other.post("/sign-in/second-step/", {"code": app_code()}).status_code == 429


def test_recovery_codes_are_shown_for_ten_minutes_only(set_up: Client):
    codes = shown_codes(set_up)
    assert len(set(codes)) == 10
    text = set_up.get("/settings/security/recovery-codes/text/")
    assert text.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert all(code in text.content.decode() for code in codes)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=10, seconds=1)):
        set_up.post("/sign-in/again/", {"code": shown_secret_code()})
        assert shown_codes(set_up) == []
        answer = set_up.get("/settings/security/recovery-codes/text/")
        assert answer.headers["Location"] == "/settings/security/"


def test_new_recovery_codes_replace_the_old(set_up: Client, person: User, django_capture_on_commit_callbacks):
    old = shown_codes(set_up)
    Notice.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        set_up.post("/settings/security/recovery-codes/new/")
    assert not set(old) & set(shown_codes(set_up))
    assert Notice.objects.filter(template="security_changed").exists()


def test_removing_the_app_removes_the_recovery_codes_and_sends_a_notice(set_up: Client, person: User):
    Notice.objects.all().delete()
    assert "Remove the authenticator app" in set_up.get("/settings/security/app/remove/").content.decode()
    assert Authenticator.objects.count() == 2
    set_up.post("/settings/security/app/remove/")
    assert Authenticator.objects.count() == 0
    assert "mfa_removed" in kinds(person)
    assert Notice.objects.filter(template="security_changed").count() == 1
    assert sign_in(Client(), person).headers["Location"] == "/home/"


def test_a_code_is_a_fresh_sign_in(set_up: Client):
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        asked = set_up.get("/settings/security/app/remove/").headers["Location"]
        assert "complete two-step verification" in set_up.get(asked).content.decode()
        assert "This code is wrong" in set_up.post(asked, {"code": "000000"}).content.decode()
        code = shown_secret_code()
        assert set_up.post(asked, {"code": code}).headers["Location"] == "/settings/security/app/remove/"
        assert set_up.get("/settings/security/app/remove/").status_code == 200


def shown_secret_code() -> str:
    """A code of the one app that was set up through the pages."""
    from allauth.mfa.utils import decrypt

    return app_code(decrypt(Authenticator.objects.get(type="totp").data["secret"]))


def test_recovering_access_resets_the_password_only(client: Client, person: User):
    give_second_factor(person)
    client.post("/recover/", {"login": "+4915123456789"})
    client.post("/recover/code/", {"code": newest_code("recovery_code")})
    client.post("/recover/password/", {"password": "Granite-Piano-River-77"})
    answer = client.post("/sign-in/", {"login": person.username, "password": "Granite-Piano-River-77"})
    assert answer.headers["Location"] == "/sign-in/second-step/"
    assert "recovered" in kinds(person)


def test_a_cancellation_is_undone_only_after_the_second_step(client: Client, person: User):
    give_second_factor(person)
    cancel_account(subject=person.subject)
    assert sign_in(client, person).headers["Location"] == "/sign-in/second-step/"
    assert client.post("/sign-in/undo/").headers["Location"] == "/sign-in/"
    answer = client.post("/sign-in/second-step/", {"code": app_code()})
    assert answer.headers["Location"] == "/sign-in/undo/"
    assert client.get("/home/").status_code == 302
    client.post("/sign-in/undo/")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert has_second_factor(person)


def test_an_erased_person_leaves_no_factor_and_no_event(set_up: Client, person: User):
    assert Authenticator.objects.exists()
    assert SecurityEvent.objects.exists()
    for holder in all_data_stores():
        holder.erase([person.subject_id])
    assert not Authenticator.objects.exists()
    assert not SecurityEvent.objects.exists()


def test_a_second_step_begun_before_the_person_was_erased_leads_back_to_the_start(client: Client, person: User):
    give_second_factor(person)
    sign_in(client, person)
    for holder in all_data_stores():
        holder.erase([person.subject_id])
    assert client.get("/sign-in/second-step/").headers["Location"] == "/sign-in/"


def test_removing_or_replacing_nothing_leads_back(signed_in: Client):
    for path in ("app/remove/", "recovery-codes/new/", "recovery-codes/"):
        assert signed_in.post(f"/settings/security/{path}").headers["Location"] == "/settings/security/"


@pytest.mark.parametrize(
    "path", ["app/", "app/remove/", "recovery-codes/", "recovery-codes/text/", "recovery-codes/new/", "passkeys/"]
)
def test_every_page_of_second_factors_needs_a_sign_in(client: Client, path: str):
    assert client.get(f"/settings/security/{path}").headers["Location"].startswith("/sign-in/")
