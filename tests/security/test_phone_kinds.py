"""A phone number is one that takes an SMS at a normal price, of a country that is served."""

import pytest
from django.core.exceptions import ValidationError

from accounts.contact_points.parsing import clean_phone, read_phone
from accounts.sign_in.backends import find_user
from tests.app import App
from tests.factories import make_person, make_policy
from tests.forms import error_codes, typed
from tests.sign_in_clients import register

pytestmark = pytest.mark.embedded

REFUSED = {
    "premium, of no country": "+979123456789",
    "satellite (Inmarsat)": "+870301234567",
    "satellite (Iridium, Globalstar)": "+881612345678",
    "networks of no country": "+8823421234",
    "premium": "+19005551234",
    "toll free, of no country": "+80012345678",
    "toll free": "+448001234567",
    "toll free, of North America": "+18003569377",
    "400 of China": "+864008123123",
    "shared cost": "+448431234567",
    "personal": "+447012345678",
    "pager": "+447640123456",
    "universal access": "+5548004003333",
    "voice over IP": "+493212345678",
}
ACCEPTED = ["+8613800138000", "+4915123456789", "+12015550123", "+49301234567"]


@pytest.mark.parametrize("number", REFUSED.values(), ids=REFUSED)
def test_a_number_that_takes_no_sms_at_a_normal_price_is_refused(number: str):
    with pytest.raises(ValidationError) as refused:
        clean_phone(number)
    assert refused.value.code == "invalid_phone"


@pytest.mark.parametrize("number", ACCEPTED)
def test_a_number_that_takes_an_sms_is_accepted(number: str):
    assert clean_phone(number) == number


def test_the_page_and_an_app_say_at_the_field_what_is_wrong(client):
    make_policy("intl")
    page = register(client, phone=REFUSED["premium"]).content.decode()
    assert "We cannot send text messages to this kind of number." in page
    answer = App().register(phone=REFUSED["premium"])
    assert answer.json()["errors"]["phone"][0]["code"] == "invalid_phone"


def test_only_numbers_of_the_countries_served_are_taken(settings):
    settings.SMS_COUNTRIES = ["CN", "RS"]
    assert clean_phone("+381641234567") == "+381641234567"
    assert error_codes(typed("DE", phone="+4915123456789"), "phone") == ["country_not_served"]


def test_a_registered_number_of_such_a_kind_still_signs_in(settings):
    user = make_person(phone=REFUSED["premium"])
    settings.SMS_COUNTRIES = ["CN"]
    assert read_phone("+1 900 555 1234") == REFUSED["premium"]
    assert find_user(REFUSED["premium"]) == user


@pytest.mark.parametrize("written", ["1-800-FLOWERS", "+1 800 253 0000"])
def test_a_toll_free_number_of_north_america_is_a_number_and_takes_no_code(written: str):
    """Some are text-enabled: a service behind them reads the code, no device."""
    assert read_phone(written, "US").startswith("+1800")
    assert error_codes(typed("US", phone=written), "phone") == ["invalid_phone"]
    make_policy("intl")
    assert App().register("US", phone=written).json()["errors"]["phone"][0]["code"] == "invalid_phone"
