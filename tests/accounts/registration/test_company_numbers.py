"""An enterprise abroad has the number of its country's company register, or one for tax, as it is printed."""

import re

import pytest
from django.test import Client

from accounts.profiles.company_numbers import NumberKind, Verdict, read_number
from accounts.profiles.company_registers import COUNTRIES
from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.export.copies import gather
from tests.app import App, registered
from tests.factories import make_policy, make_staff
from tests.forms import error_codes, typed
from tests.sign_in_clients import client_of, register

pytestmark = pytest.mark.embedded

REGISTER, TAX = NumberKind.REGISTER, NumberKind.TAX
REGISTERED = [
    ("GB", "01234567"), ("GB", "SC123456"), ("GB", "OC301234"), ("GB", "Company No. 01234567"), ("GB", "GB01234567"),
    ("NL", "12345678"), ("NL", "KvK 12345678"), ("AT", "FN 123456a"), ("AT", "FN 33209 m"), ("PL", "0000028860"),
    ("PL", "KRS 0000028860"), ("IN", "U72200KA2009PTC049889"), ("IN", "AAB-1234"), ("RS", "17123456"),
    ("RS", "MB: 07745644"), ("IE", "104547"), ("DK", "13585628"), ("FI", "2077474-0"), ("SE", "556012-5790"),
    ("SE", "Org.nr 556012-5790"), ("NO", "988 077 917"), ("DE", "HRB 12345"), ("DE", "HRB 12345 Amtsgericht München"),
    ("DE", "Amtsgericht München, HRB 12345"), ("DE", "AG Charlottenburg HRB 86891 B"), ("DE", "HRB-Nr. 12345"),
    ("DE", "HRA 11223, Aachen"), ("SG", "201505714C"), ("SG", "T16LL1853E"), ("CH", "CHE-100.155.212"),
    ("FR", "552 008 443"), ("FR", "RCS Paris 552 008 443"), ("FR", "552 008 443 RCS Paris"), ("BE", "0428.759.497"),
    ("ES", "A13585625"), ("IT", "00743110157"), ("IT", "REA MI-1234567"), ("CZ", "25123891"), ("US", "C1234567"),
    ("US", "7891234 (Delaware)"), ("JP", "1010001000006"), ("JP", "0100-01-000006"), ("KR", "116-82-00276"),
    ("KR", "110111-0006246"), ("HK", "1234567"), ("HK", "12345678"), ("TW", "00501503"), ("AU", "ACN 004 085 616"),
    ("AU", "91 010 334 915"), ("NZ", "1234567"), ("NZ", "9429000000001"), ("CA", "BC1234567"), ("CA", "1234567-8"),
    ("BR", "16.727.230/0001-97"), ("LU", "B 123456"), ("HU", "01-09-123456"), ("RO", "J40/8302/1992"),
    ("ZA", "2012/123456/07"), ("MY", "202001012345"), ("AE", "REG-4477-Q"), ("JP", "１０１０００１０００００６"),
]  # fmt: skip
FOR_TAX = [
    ("GB", "GB 980 7806 84"), ("GB", "VAT 980780684"), ("NL", "NL 820605876B01"), ("AT", "ATU12345675"),
    ("PL", "NIP: 584-030-44-72"), ("IN", "27AAPFU0939F1ZV"), ("RS", "PIB 100081341"), ("IE", "IE 9719156S"),
    ("DK", "DK13585628"), ("SE", "Momsnr SE556012579001"), ("NO", "NO 988 077 917 MVA"), ("DE", "DE136695976"),
    ("DE", "USt-IdNr. DE136695976"), ("CH", "CHE-100.155.212 MWST"), ("BE", "BE 0428.759.497"), ("US", "91-1144442"),
    ("US", "EIN 91-1144442"), ("CA", "123456782RC0001"), ("GR", "EL 094259216"), ("IT", "IT 00743110157"),
]  # fmt: skip
UNKNOWN = [("DE", "HRB 12345 KXln"), ("GB", "hello"), ("AE", "none"), ("SG", "12-ABC"), ("US", "07-1144442")]
FAILING = [("GB", "GB 980 7806 85"), ("DK", "13585627"), ("FR", "552 008 444"), ("SE", "556012-5791")]


@pytest.mark.parametrize(("country", "number"), REGISTERED)
def test_a_number_of_the_company_register_is_taken_as_it_is_printed(country: str, number: str):
    form = typed(country, kind="enterprise", registration_number=f" {number}\n")
    assert error_codes(form, "registration_number") == []
    assert form.cleaned_data["registration_number"] == number
    assert (form.registration_number_kind, form.registration_number_needs_review) == (REGISTER, False)


@pytest.mark.parametrize(("country", "number"), FOR_TAX)
def test_a_number_for_tax_is_taken_with_its_countrys_letters_and_marked_as_such(country: str, number: str):
    form = typed(country, kind="enterprise", registration_number=number)
    assert form.cleaned_data["registration_number"] == number
    assert (form.registration_number_kind, form.registration_number_needs_review) == (TAX, False)


@pytest.mark.parametrize(
    ("country", "number", "code"),
    [(*case, "unknown_shape") for case in UNKNOWN] + [(*case, "checksum_mismatch") for case in FAILING],
)
def test_a_doubted_number_is_kept_for_review_once_it_is_confirmed(country: str, number: str, code: str):
    form = typed(country, kind="enterprise", registration_number=number)
    assert error_codes(form, "registration_number") == [code]
    assert form.needs_confirmation
    form = typed(country, kind="enterprise", registration_number=number, registration_number_confirmed="on")
    assert form.cleaned_data["registration_number"] == number
    assert form.registration_number_needs_review


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_example_of_a_country_is_one_of_its_register(country: str):
    number = COUNTRIES[country].example
    assert read_number(number, country) == (REGISTER, Verdict.FITS)
    assert number in typed(country, kind="enterprise").fields["registration_number"].help_text


@pytest.mark.parametrize("number", ["---", "  .  ", "1" * 101, "12\x0034"])
def test_what_is_no_number_is_refused_even_if_it_is_confirmed(number: str):
    form = typed("GB", kind="enterprise", registration_number=number, registration_number_confirmed="on")
    assert error_codes(form, "registration_number")


def test_a_number_stays_in_composed_form():
    form = typed("DE", kind="enterprise", registration_number="HRB 12345 Amtsgericht Mu\u0308nchen")
    assert form.cleaned_data["registration_number"] == "HRB 12345 Amtsgericht M\u00fcnchen"


def test_an_app_gets_the_kind_and_confirms_an_unknown_number():
    make_policy("intl")
    app = App()
    refused = app.register("DE", kind="enterprise", registration_number="HRZ 12 Atlantis")
    assert refused.json()["errors"]["registration_number"][0]["code"] == "unknown_shape"
    confirmed = {"registration_number": "HRZ 12 Atlantis", "registration_number_confirmed": True}
    assert app.register("DE", kind="enterprise", **confirmed).status_code == 201
    app.become_verified()
    me = app.get("me").json()
    assert (me["registration_number"], me["registration_number_kind"]) == ("HRZ 12 Atlantis", "unknown")
    assert me["registration_number_needs_review"] is True
    me = app.send("PATCH", "me", {"registration_number": "DE136695976"}).json()
    assert (me["registration_number_kind"], me["registration_number_needs_review"]) == ("tax", False)
    assert app.send("PATCH", "me", {"registration_number_kind": "tax"}).status_code == 422


def test_an_individual_has_no_kind_of_number():
    make_policy("intl")
    assert "registration_number_kind" not in registered().get("me").json()


def test_the_page_asks_to_confirm_and_saves_a_confirmed_number_without_asking_again():
    make_policy("intl")
    client = Client()
    page = register(client, kind="enterprise", registration_number="HRZ 12 Atlantis").content.decode()
    assert "We do not recognise this kind of number for this country" in page
    assert 'name="registration_number_confirmed"' in page
    data = {"registration_number": "HRZ 12 Atlantis", "registration_number_confirmed": "on"}
    assert register(client, kind="enterprise", **data).status_code == 302
    profile = Profile.objects.get()
    assert profile.registration_number_needs_review
    client.force_login(user_of(profile))
    page = client.get("/settings/profile/").content.decode()
    assert "We keep your registration number as you confirmed it" in page
    shown = dict(re.findall(r'name="(seen|username|country|name|enterprise_name)" value="([^"]*)"', page))
    saved = client.post(
        "/settings/profile/",
        shown | {"country": "DE", "registration_number": "HRZ 12 Atlantis", "business_area": "Ships"},
    )
    assert saved.status_code == 302
    assert Profile.objects.get().registration_number_needs_review


def user_of(profile: Profile) -> User:
    User.objects.update(verified_at="2026-01-01T00:00:00Z")
    return User.objects.get(subject_id=profile.subject_id)


def test_staff_find_the_number_on_their_first_page_and_settle_it_on_record():
    make_policy("intl")
    confirmed = {"registration_number": "HRZ 12 Atlantis", "registration_number_confirmed": True}
    app = registered("DE", kind="enterprise", **confirmed)
    user = user_of(Profile.objects.get())
    officer, page = client_of(make_staff("Privacy officer")), f"/admin/accounts/user/{user.pk}"
    listed = "Registration numbers to compare with the licence"
    assert listed in officer.get("/admin/").content.decode()
    assert f"{page}/change/" in officer.get("/admin/").content.decode()
    why = {"reason": "request", "reference": "T-7"}
    assert officer.post(f"{page}/number/", why).status_code == 403
    assert "HRZ 12 Atlantis" not in officer.get(f"{page}/change/").content.decode()
    officer.post(f"{page}/open/", why)
    opened = officer.get(f"{page}/change/").content.decode()
    assert "HRZ 12 Atlantis (number of an unknown kind)" in opened
    assert "The number is right" in opened
    assert officer.post(f"{page}/number/", why).status_code == 302
    assert app.get("me").json()["registration_number_needs_review"] is False
    assert AccessRecord.objects.filter(act="compared", subject_id=user.subject_id).count() == 1
    assert listed not in officer.get("/admin/").content.decode()


def test_a_copy_says_of_which_kind_the_number_is():
    make_policy("intl")
    registered("GB", kind="enterprise", registration_number="GB 980 7806 84")
    [held] = gather(Profile.objects.get().subject)["records"]["profile"]
    assert (held["registration_number"], held["registration_number_kind"]) == ("GB 980 7806 84", "tax")
