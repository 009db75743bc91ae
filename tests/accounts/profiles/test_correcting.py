"""Correcting: every field with its why; a record of which field, when and by whom, never the values."""

import datetime as dt
import re

import pytest
from django.test import Client

from accounts.profiles.models import Correction, Profile
from accounts.profiles.queries import missing_fields
from accounts.profiles.services import new_profile
from accounts.users.models import User
from tests.app import App
from tests.factories import PASSWORD, make_person, make_subject, make_user


@pytest.fixture
def person(client: Client) -> User:
    user = make_person()
    client.force_login(user)
    return user


def correct(client: Client, user: User, **data: str):
    usual = {"name": "Maria Petrović", "username": user.username, "country": "RS"}
    return client.post("/settings/profile/", usual | data)


def test_a_correction_is_kept_and_recorded_without_its_values(client: Client, person: User):
    correct(client, person, name="Marija Petrović", company_name="Dunav d.o.o.")
    profile = Profile.objects.get(subject_id=person.subject_id)
    assert (profile.name, profile.company_name) == ("Marija Petrović", "Dunav d.o.o.")
    rows = list(Correction.objects.order_by("field").values())
    assert [(row["field"], row["by"]) for row in rows] == [("company_name", "self"), ("name", "self")]
    assert not any("Marija" in str(value) or "Dunav" in str(value) for row in rows for value in row.values())


def test_the_page_names_the_field_that_was_corrected(client: Client, person: User):
    correct(client, person, company_name="Dunav d.o.o.")
    page = client.get("/settings/profile/").content.decode()
    assert re.search(r"</time></td><td>Company name</td><td>Myself</td>", page)


def test_what_was_left_out_can_be_taken_back(client: Client, person: User):
    correct(client, person, company_name="Dunav d.o.o.")
    correct(client, person, company_name="")
    assert Profile.objects.get(subject_id=person.subject_id).company_name is None


def test_saving_what_already_is_records_nothing(client: Client, person: User):
    correct(client, person)
    assert not Correction.objects.exists()
    assert "Nothing was changed" in client.get("/settings/profile/").content.decode()


def test_a_country_of_another_jurisdiction_is_refused_and_the_input_kept(client: Client, person: User):
    page = correct(client, person, country="CN", company_name="Dunav d.o.o.").content.decode()
    assert "Another company is responsible for people from this country" in page
    assert "Dunav d.o.o." in page
    assert Profile.objects.get(subject_id=person.subject_id).country == "RS"


def test_a_country_of_the_same_jurisdiction_is_taken(client: Client, person: User):
    correct(client, person, country="DE")
    assert Profile.objects.get(subject_id=person.subject_id).country == "DE"


def test_a_username_is_changed_and_one_in_use_is_refused(client: Client, person: User):
    make_user(username="taken_name")
    assert "This username is taken" in correct(client, person, username="Taken_Name").content.decode()
    correct(client, person, username="free_name")
    assert User.objects.get(username_index="free_name") == person


def test_dates_are_shown_in_the_persons_own_time_zone(client: Client, person: User):
    correct(client, person, time_zone="Asia/Tokyo")
    assert "(Asia/Tokyo)" in client.get("/settings/profile/").content.decode()


def test_every_field_says_why_and_what_happens_without_it(client: Client, person: User):
    page = client.get("/settings/profile/").content.decode()
    assert "To address you and to handle your requests." in page
    assert "Without it:" in page
    assert '<strong class="sensitive"><u>Country or region</u></strong>' in page


@pytest.mark.parametrize("path", ["/settings/profile/", "/settings/security/"])
def test_what_is_sensitive_is_said_and_opens_to_say_what_that_means(signed_in: Client, path: str):
    page = signed_in.get(path).content.decode()
    notes = re.findall(r'<details class="about-sensitive"><summary>(.*?)</summary><p class="hint">(.*?)</p>', page)
    assert len(notes) == page.count('<strong class="sensitive">') > 1
    assert all("Sensitive" in summary and "could harm you" in note for summary, note in notes)


def test_a_name_has_at_most_two_hundred_characters(client: Client, person: User):
    app = App()
    app.sign_in(person.username, PASSWORD)
    longest = "Mária " * 33 + "Ó'"
    assert len(longest) == 200
    assert app.send("PATCH", "me", {"name": longest}).json()["name"] == longest
    assert app.send("PATCH", "me", {"name": longest + "x"}).status_code == 422


def test_what_has_no_fixed_term_is_not_asked_for_its_end():
    subject = make_subject()
    values = {"name": "Maria", "country": "RS", "enterprise_name": "Example"}

    def asked_with(given):
        return {
            field.key for field in missing_fields(new_profile(subject=subject, kind="enterprise", values=given), [])
        }

    assert {"business_period_start", "business_period_end"} <= asked_with(values)
    started = values | {"business_period_start": dt.date(2020, 1, 1)}
    assert not {"business_period_start", "business_period_end"} & asked_with(started)
