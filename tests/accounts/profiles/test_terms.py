"""A business period ends on a day, or has no fixed term: an answer of its own at every interface."""

import datetime as dt
import re

import jsonschema
import pytest
from django.test import Client

from accounts.profiles.models import Profile
from accounts.profiles.queries import missing_fields
from accounts.profiles.terms import NO_FIXED_TERM, term_in_words
from accounts.users.models import User
from privacy.export.reading import readable
from privacy.export.schema import copy_schema
from tests.app import App, registered
from tests.copies import document_of
from tests.factories import make_policy, make_staff
from tests.forms import error_codes, typed
from tests.sign_in_clients import client_of, register

pytestmark = pytest.mark.embedded

END = "business_period_end"


@pytest.fixture(autouse=True)
def _policy() -> None:
    make_policy("intl")


def stored() -> Profile:
    return Profile.objects.get()


def browser(**data: str) -> Client:
    client = Client()
    assert register(client, kind="enterprise", **data).status_code == 302
    User.objects.update(verified_at="2026-01-01T00:00:00Z")
    client.force_login(User.objects.get())
    return client


def test_no_fixed_term_is_chosen_on_the_page_shown_again_and_kept_when_something_else_is_saved():
    client = browser(business_period_start="2010-03-03", business_period_end=NO_FIXED_TERM)
    assert stored().business_period_end == NO_FIXED_TERM
    page = client.get("/settings/profile/").content.decode()
    assert re.search(r'type="checkbox" name="business_period_end" value="no_fixed_term"[^>]* checked', page)
    assert "No fixed term" in page
    shown = dict(re.findall(r'name="(seen|username|name|enterprise_name|business_period_start)" value="([^"]*)"', page))
    data = shown | {"country": "DE", END: ["", NO_FIXED_TERM], "business_area": "Ships"}
    assert client.post("/settings/profile/", data).status_code == 302
    assert (stored().business_period_end, stored().business_area) == (NO_FIXED_TERM, "Ships")
    assert client.post("/settings/profile/", shown | {"country": "DE", END: ["2030-01-01"]}).status_code == 302
    assert stored().business_period_end == dt.date(2030, 1, 1)


def test_a_date_and_the_box_contradict_each_other():
    client = Client()
    page = register(client, kind="enterprise", business_period_end=["2030-01-01", NO_FIXED_TERM]).content.decode()
    assert "Enter a date or choose “No fixed term”, not both." in page
    form = typed(kind="enterprise", business_period_end="2030-01-01 no_fixed_term")
    assert error_codes(form, END) == ["contradiction"]


def test_another_language_keeps_the_choice():
    client = Client()
    switched = register(client, kind="enterprise", business_period_end=["", NO_FIXED_TERM], switch_language="zh-hans")
    assert re.search(r'value="no_fixed_term"[^>]* checked', switched.content.decode())


def test_an_app_chooses_it_and_reads_it():
    app = registered("DE", kind="enterprise", business_period_start="2010-03-03", business_period_end=NO_FIXED_TERM)
    assert app.get("me").json()[END] == NO_FIXED_TERM
    assert app.send("PATCH", "me", {END: "2041-02-03"}).json()[END] == "2041-02-03"
    assert app.send("PATCH", "me", {END: NO_FIXED_TERM}).json()[END] == NO_FIXED_TERM
    assert app.send("PATCH", "me", {END: None}).json()[END] is None
    assert app.send("PATCH", "me", {END: "2001-01-01"}).status_code == 422
    assert app.send("PATCH", "me", {END: "forever"}).status_code == 422


def test_the_last_day_there_is_means_the_same():
    app = registered("DE", kind="enterprise", business_period_end="9999-12-31")
    assert app.get("me").json()[END] == NO_FIXED_TERM


def test_an_app_reads_that_it_may_be_chosen():
    fields = {field["key"]: field for field in App().get("fields?kind=enterprise&country=DE").json()["fields"]}
    assert fields[END]["type"] == "date"
    assert fields[END]["choices"] == [{"value": NO_FIXED_TERM, "label": "No fixed term"}]
    assert fields["business_period_start"]["choices"] == []


def test_home_asks_for_the_end_until_one_is_given_or_chosen():
    browser()
    assert END in [field.key for field in missing_fields(stored(), [])]
    profile = stored()
    profile.business_period_end = NO_FIXED_TERM
    profile.save()
    assert END not in [field.key for field in missing_fields(stored(), [])]


def test_the_copy_and_staff_read_it_in_words():
    browser(business_period_end=NO_FIXED_TERM)
    profile = stored()
    document = document_of(profile.subject)
    [held] = document["records"]["profile"]
    assert held[END] == NO_FIXED_TERM
    jsonschema.validate(document, copy_schema())
    said = {value.label: value.text for value in readable(document).sections[0].parts[0].rows[0]}
    assert said["Business period to"] == "No fixed term"
    assert term_in_words("2030-01-01") == "Jan. 1, 2030"
    officer, user = client_of(make_staff("Privacy officer")), User.objects.get(subject_id=profile.subject_id)
    why = {"reason": "request", "reference": "T-7"}
    assert "No fixed term" in officer.post(f"/admin/accounts/user/{user.pk}/open/", why, follow=True).content.decode()
