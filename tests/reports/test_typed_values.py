"""What people type and paste is read as they mean it, or refused in words: never another address, name or code."""

import unicodedata

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client

from accounts.contact_points.models import ContactPoint
from accounts.contact_points.parsing import clean_email, clean_phone, example_phone
from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.sign_in.forms import CodeForm
from accounts.users.hashers import OwaspArgon2Hasher
from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.subjects.references import new_reference, read_reference
from tests.app import App, registered
from tests.factories import PASSWORD, make_person, make_policy
from tests.sign_in_clients import newest_code

pytestmark = pytest.mark.embedded

NFC, NFD = "Mañana-Quartz-Étoile-51", unicodedata.normalize("NFD", "Mañana-Quartz-Étoile-51")


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl")
    make_policy("cn", language="zh-hans")


def refusal(field: str, value: str, *, country: str = "DE", kind: str = "individual") -> tuple[int, str]:
    """How a registration with this value is refused: the status, and the code at the field."""
    answer = App().register(country, kind=kind, **{field: value})
    errors = answer.json().get("errors", {}).get(field, [{"code": ""}]) if answer.status_code != 201 else []
    return answer.status_code, errors[0]["code"] if errors else ""


# Codes.

CODES = {
    "full-width": "１２３４５６",
    "Arabic-Indic": "١٢٣٤٥٦",
    "Devanagari": "१२३ ४५६",
    "hyphen": "123-456",
    "zero width": "\u200b123456",
    "isolates": "\u2068123456\u2069",
    "a message": "Portal: your verification code is 123456. It works once, for 10 minutes.",
    "a Chinese message": "门户：您的验证码是 123456，10 分钟内有效，仅可使用一次。",
}


@pytest.mark.parametrize("text", CODES.values(), ids=CODES)
def test_a_code_is_read_however_it_is_written(text: str):
    form = CodeForm({"code": text})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["code"] == "123456"


@pytest.mark.parametrize("text", ["12345", "1234567", "123456 or 654321", "code", "x123456", "12345a"])
def test_what_is_no_code_is_none(text: str):
    assert CodeForm({"code": text}).has_error("code", "invalid_code") == (text != "x123456")


def test_a_whole_message_verifies_on_the_page_and_over_rest():
    app = App()
    app.register()
    answer = app.post("auth/verify", {"code": f"Your code is {newest_code()}. It works once."})
    assert answer.json()["signed_in"] is True


# Names.


@pytest.mark.parametrize(
    "value", ["anna_lind\ufe0f", "anna_lind\u3164", "anna\u034f_lind", "\u3164" * 5, "\u0301\u0302\u0303", "an\u2060na"]
)
def test_a_username_has_no_invisible_characters(value: str):
    registered(username="anna_lind", phone="+4915123450009")
    assert refusal("username", value)[0] == 422


@pytest.mark.parametrize("value", ["\u3164", "\u2800", "\uffa0", "\u3164 \u3164", "\u200b", "\ufe0f"])
def test_an_invisible_name_is_blank(value: str):
    assert refusal("name", value) == (422, "blank")


@pytest.mark.parametrize("value", ["Jo\u206ahn", "Jo\U000e0041\U000e0042", "Jo\ufff9hn", "Jo\u202ehn"])
def test_characters_that_hide_others_are_refused(value: str):
    assert refusal("name", value) == (422, "invalid_characters")


@pytest.mark.parametrize("name", ["葛\U000e0100城", "ᠮᠣᠩᠭᠣᠯ\u180b", "می\u200cخواهم", "क्\u200dष"])
def test_names_keep_the_marks_that_belong_to_their_script(name: str):
    assert App().register(name=name).status_code == 201


def test_a_tab_from_a_spreadsheet_is_a_blank():
    app = registered(kind="enterprise", business_address="Street 1\tCity\n\tCountry")
    assert app.get("me").json()["business_address"] == "Street 1 City\n Country"


# E-mail addresses.

ADDRESSES = {
    "user@faß.de": "user@xn--fa-hia.de",
    "user@straße.example": "user@xn--strae-oqa.example",
    "user@κλαρα-σωλις.eu": "user@xn----ylba7abgd9bnh0e.eu",
    "user@نامه\u200cای.com": "user@xn--mgba3gch31f060k.com",
    "\u200buser@example.com\u200b": "user@example.com",
    "ｕｓｅｒ＠ｅｘａｍｐｌｅ．ｃｏｍ": "user@example.com",
    "user@例え。jp": "user@xn--r8jz45g.jp",
    " User@EXAMPLE.com ": "User@example.com",
}


@pytest.mark.parametrize(("typed", "meant"), ADDRESSES.items(), ids=str)
def test_an_address_leads_where_its_writer_meant(typed: str, meant: str):
    assert clean_email(typed) == meant


@pytest.mark.parametrize(
    "typed", ["user@☃.net", "user@❤.ws", "user@xn--zzzzzzzzz.com", "user@localhost", "user@[127.0.0.1]", "user@a_b.com"]
)
def test_an_address_that_leads_nowhere_is_refused(typed: str):
    assert refusal("email", typed) == (422, "invalid_email")


def test_an_address_signs_in_however_its_domain_is_written():
    person = make_person()
    mark_verified(add_contact_point(subject=person.subject, field="email", value="user@xn--fa-hia.de"))
    for login in ("user@faß.de", "\u2068user@xn--fa-hia.de\u2069", f"{person.username}\u200b"):
        assert App().sign_in(login, PASSWORD).json()["signed_in"] is True, login


# Passwords.


@pytest.mark.parametrize(("chosen", "typed"), [(NFC, NFD), (NFD, NFC), (NFC, NFC), ("a b" * 6, "a\u00a0b" * 6)])
def test_a_password_is_one_however_it_is_composed(chosen: str, typed: str):
    assert check_password(typed, make_password(chosen))


@pytest.mark.parametrize("old", [NFC, NFD, "a\u3000b" * 6])
def test_hashes_of_before_are_of_what_was_typed(old: str):
    hasher = OwaspArgon2Hasher()
    encoded = super(OwaspArgon2Hasher, hasher).encode(old, hasher.salt())
    assert check_password(old, encoded)


def test_a_wrong_password_in_another_form_takes_as_many_hashes_for_unknown_logins(monkeypatch):
    App().sign_in("nobody-here", NFD)  # a process makes the hash of nobody once
    hashed = []
    argon2 = OwaspArgon2Hasher.__mro__[1]
    for method in ("encode", "verify"):
        real = getattr(argon2, method)
        monkeypatch.setattr(argon2, method, lambda *given, real=real: hashed.append(1) or real(*given))
    person = make_person()
    counts = []
    for login in (person.username, "nobody-here"):
        hashed.clear()
        App().sign_in(login, NFD)
        counts.append(len(hashed))
    assert counts == [2, 2]


# Phone numbers.


@pytest.mark.parametrize("typed", ["+1 650 253 0000 ext. 123", "+4915123456001;ext=5", "(650) 253-0004 #77"])
def test_a_number_with_an_extension_is_refused_and_not_cut(typed: str):
    assert refusal("phone", typed, country="US") == (422, "invalid_phone")


@pytest.mark.parametrize("country", ["AQ", "TF", "HM", "BV", None])
def test_the_example_is_never_another_countrys_of_the_two(country: str | None):
    example = example_phone(country)
    assert not example.startswith("+86")
    assert clean_phone(example)


@pytest.mark.parametrize(
    ("country", "phone", "typed", "meant"),
    [
        ("CN", "+8613800138000", "138 0013 8097", "+8613800138097"),
        ("DE", "+4915123456789", "0151 23456780", "+4915123456780"),
        ("DE", "+4915123456789", "0049 151 23456781", "+4915123456781"),
        ("RS", "+381601234567", "060 1234568", "+381601234568"),
    ],
)
def test_a_number_is_read_as_at_home_after_registration_too(country: str, phone: str, typed: str, meant: str):
    app = registered(country, phone=phone)
    assert app.post("me/contacts/phone", {"value": typed}).status_code == 202
    assert str(ContactPoint.objects.get(verified_at=None).value) == meant
    refused = app.post("me/contacts/phone", {"value": "12345"}).json()
    assert example_phone(country) in str(refused)


@pytest.mark.parametrize("path", ["auth/code", "auth/recover"])
def test_a_number_without_its_country_is_said_before_anything_is_sent(path: str):
    answer = App().post(path, {"login": "0664 1234567"})
    assert answer.status_code == 422
    assert "country code" in answer.content.decode()
    for page, data in (("/sign-in/", {"password": PASSWORD}), ("/recover/", {})):
        shown = Client().post(page, {"login": "0664 1234567"} | data)
        assert "country code" in shown.content.decode(), page


def test_a_number_as_in_a_country_that_is_served_by_name_signs_in():
    person = make_person(phone="+8613800138000", jurisdiction="cn")
    assert App().sign_in("138 0013 8000", PASSWORD).json()["signed_in"] is True
    assert User.objects.get(pk=person.pk).last_login


# Numbers of companies, references.


def test_invisible_characters_around_a_number_of_a_company_are_dropped():
    answer = App().register(
        "CN", kind="enterprise", phone="+8613800138000", registration_number="\u202d91110000600037341L\u202c"
    )
    assert answer.status_code == 201


def test_a_reference_is_found_however_it_is_typed(client: Client):
    case = cancel_account(subject=make_person().subject)
    ErasureCase.objects.filter(pk=case.pk).update(reference="01O"[:2] + case.reference[2:])
    reference = ErasureCase.objects.get().reference
    wide = "".join(chr(ord(character) + 0xFEE0) for character in reference)
    for typed in (reference.replace("0", "O"), reference.replace("1", "I"), reference.replace("1", "l"), wide):
        answer = client.get("/receipts/", {"reference": typed})
        assert answer.headers["Location"] == f"/receipts/{reference}/", typed


def test_every_reference_is_read_as_it_is():
    for _ in range(200):
        reference = new_reference()
        assert read_reference(reference) == reference
