"""A move to another portal: a file that only its code opens for a day, an ordinary cancellation, and a registration."""

import base64
import datetime as dt
import html
import json
import re

import pytest
import time_machine
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings as portal_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.moving.packages import MAGIC, NONCE_BYTES, PackageRefused, key_of, make_package, open_package
from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.notices.models import Notice
from privacy.subjects.references import new_reference
from tests.app import App
from tests.enterprises import make_enterprise
from tests.factories import make_person, make_policy, make_staff, pass_time
from tests.sign_in_clients import client_of, fresh_client_of

pytestmark = pytest.mark.django_db
SITE = "https://cn.example.org"


@pytest.fixture(autouse=True)
def _germany_alone(settings):
    settings.JURISDICTIONS = ["intl"]
    settings.JURISDICTION_URLS = {"cn": SITE}


def package_of(user: User):
    return make_package(user=user, profile=Profile.objects.get(subject=user.subject), country="CN")


def left(user: User) -> tuple[str, bytes, str]:
    """Move away by the page; return what it says, the file and the code."""
    page = fresh_client_of(user).post("/settings/move/leave/?country=CN", {"confirmed": "on"})
    said = page.content.decode()
    file = base64.b64decode(re.search(r'base64,([^"]+)"', said).group(1))
    code = re.search(r"[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}", said).group()
    return said, file, code


def test_the_page_gives_file_and_code_once_and_cancels_the_account():
    user = make_person()
    browser = fresh_client_of(user)
    assert "/settings/move/leave/?country=CN" in browser.get("/settings/move/?country=CN").content.decode()
    unticked = browser.post("/settings/move/leave/?country=CN", {}).content.decode()
    assert "Tick the box to move" in unticked
    assert not ErasureCase.objects.exists()
    said, file, code = left(user)
    case = ErasureCase.objects.get()
    assert (case.moved_to, case.continued_as, case.state) == ("cn", None, "cooling_off")
    assert f"{SITE}/register/package/" in said
    assert case.reference in said
    moved = open_package(file, code.lower().replace("-", " "))
    assert (moved.kind, moved.values["name"], moved.values["country"]) == ("individual", "Maria Petrović", "CN")
    assert moved.values["username"] == str(user.username)
    assert moved.values["phone"].startswith("+381")
    assert "password" not in moved.values
    assert b"Maria" not in file
    assert not User.objects.get().is_active
    assert {notice.template for notice in Notice.objects.all()} >= {"account_cancelled"}


def test_the_receipt_says_moved_and_the_account_can_be_kept_until_its_data_is_erased():
    user = make_person()
    left(user)
    case = ErasureCase.objects.get()
    page = Client().get(f"/receipts/{case.reference}/").content.decode()
    assert "This account moves to: Mainland China." in page
    assert "Sign in to keep my account" in page
    pass_time(case, portal_settings.COOLING_OFF)
    erase_due_accounts()
    assert "This account moved to: Mainland China." in Client().get(f"/receipts/{case.reference}/").content.decode()
    assert App().get(f"receipts/{case.reference}").json()["moved_to"] == "cn"
    assert not User.objects.exists()


def test_nothing_of_the_package_is_stored_here():
    user = make_person()
    _said, _file, code = left(user)
    rows = [repr(row) for row in [*Notice.objects.values(), *ErasureCase.objects.values()]]
    assert not any(code in row or "Maria" in row for row in rows)


def test_a_package_works_for_a_day_with_its_own_code():
    package, other = package_of(make_person()), package_of(make_person())
    for content, code, why in (
        (package.content, other.code, "wrong"),
        (package.content, "", "wrong"),
        (package.content[:-1] + bytes([package.content[-1] ^ 1]), package.code, "wrong"),
        (package.content[:40], package.code, "wrong"),
        (b"", package.code, "not_one"),
        (b"%PDF-1.7", package.code, "not_one"),
        (package.content + b"x" * 70_000, package.code, "not_one"),
    ):
        with pytest.raises(PackageRefused) as refused:
            open_package(content, code)
        assert refused.value.why == why, content[:20]
    with time_machine.travel(package.expires_at + dt.timedelta(seconds=1), tick=False):
        pass
    assert open_package(package.content, package.code).kind == "individual"


def test_an_expired_package_says_so(monkeypatch):
    package = package_of(make_person())
    over = package.expires_at
    monkeypatch.setattr("accounts.moving.packages.database_now", lambda: over)
    with pytest.raises(PackageRefused) as refused:
        open_package(package.content, package.code)
    assert refused.value.why == "expired"


@given(st.binary(max_size=300), st.text(max_size=40))
def test_no_file_and_no_code_breaks_the_opening(content: bytes, code: str):
    for each in (content, MAGIC + content):
        with pytest.raises(PackageRefused):
            open_package(each, code)


def crafted(said: bytes) -> tuple[bytes, str]:
    """A file that somebody made by themselves, and its code."""
    code, nonce = new_reference(), b"n" * NONCE_BYTES
    return MAGIC + nonce + AESGCM(key_of(code)).encrypt(nonce, said, MAGIC), code


LATER = "2099-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    "said",
    [
        b"[" * 60_000,
        b"{}",
        b"[]",
        b"5",
        b"null",
        b"\xff",
        b'{"expires_at": 5}',
        b'{"expires_at": "2099-01-01", "kind": "individual", "values": {"country": "CN"}}',
        b'{"expires_at": "%s", "kind": ["individual"], "values": {}}' % LATER.encode(),
        b'{"expires_at": "%s", "kind": "robot", "values": {"country": "CN"}}' % LATER.encode(),
        b'{"expires_at": "%s", "kind": "individual", "values": []}' % LATER.encode(),
        b'{"expires_at": "%s", "kind": "individual", "values": {"country": ["CN"]}}' % LATER.encode(),
        b'{"expires_at": "%s", "kind": "individual", "values": {"country": "XX"}}' % LATER.encode(),
    ],
)
def test_a_file_that_somebody_made_is_refused_in_words(said: bytes):
    content, code = crafted(said)
    with pytest.raises(PackageRefused) as refused:
        open_package(content, code)
    assert refused.value.why == "not_one"
    assert "This is not a file for moving" in arrive(content, code)


def test_only_texts_of_known_fields_are_taken():
    values = {"country": "CN", "name": "<b>", "password": "secret", "is_staff": "1", "username": {"a": 1}}
    said = {"expires_at": LATER, "kind": "individual", "values": values}
    moved = open_package(*crafted(json.dumps(said).encode()))
    assert moved.values == {"country": "CN", "name": "<b>"}
    page = arrive(*crafted(json.dumps(said).encode()))
    assert "<b>" not in page
    assert "&lt;b&gt;" in page


def arrive(content: bytes, code: str) -> str:
    given = {"package": SimpleUploadedFile("portal-move.bin", content), "code": code}
    answer = Client().post("/register/package/", given)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_package_fills_in_the_form_and_nothing_is_taken_for_confirmed(settings):
    package = package_of(make_enterprise("Müller GmbH"))
    make_policy("cn")
    settings.JURISDICTIONS, settings.JURISDICTION_URLS = ["cn"], {"intl": "https://intl.example.org"}
    assert "/register/package/" in Client().get("/register/").content.decode()
    page = arrive(package.content, package.code)
    typed = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page))
    assert html.unescape(typed["enterprise_name"]) == "Müller GmbH"
    assert typed["enterprise_email"].endswith("@example.com") or "@" in typed["enterprise_email"]
    assert 'value="CN" selected' in page
    birth = {"kind": "enterprise", "country": "CN", "birth_month": "5", "birth_year": "1990"}
    browser = Client()
    second = browser.post("/register/", typed | birth).content.decode()
    assert "Müller GmbH" in html.unescape(second)
    assert User.objects.count() == 1  # nobody is registered by a file


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"nothing of this kind", "This is not a file for moving"),
        (MAGIC + b"x" * 60, "The code does not open this file"),
    ],
)
def test_what_cannot_be_opened_is_told_in_words(content: bytes, said: str):
    page = arrive(content, "AAAAA-BBBBB-CCCCC-DDDDD")
    assert said in page
    assert "AAAAA-BBBBB-CCCCC-DDDDD" in page


def test_who_is_signed_in_or_has_nothing_to_take_is_led_on(settings):
    assert client_of(make_person()).get("/register/package/")["Location"] == "/home/"
    assert fresh_client_of(make_staff()).get("/settings/move/leave/?country=CN").status_code == 404
    browser = fresh_client_of(make_person())
    for country in ("DE", "XX", ""):
        assert browser.get(f"/settings/move/leave/?country={country}")["Location"] == "/settings/move/"
    settings.JURISDICTION_URLS = {}
    assert browser.get("/settings/move/leave/?country=CN")["Location"] == "/settings/move/"
    assert "Another site stores the data" in browser.get("/settings/move/?country=CN").content.decode()
    app = App()
    make_policy("intl")
    app.register(country="RS")
    app.become_verified()
    body = {"country": "CN", "policy": "0" * 64, "language": "en", "agreed": True}
    assert app.post("me/move", body).json()["code"] == "move_stored_elsewhere"
