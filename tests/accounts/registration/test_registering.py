"""Registering through the real form: country first, consent tied to the text shown, one account."""

import re
from uuid import uuid4

import pytest
from django.test import Client, override_settings

from accounts.contact_points.models import ContactPoint
from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.consent.models import ConsentRecord
from privacy.consent.queries import latest_consent
from privacy.encryption.models import DataKey
from privacy.inventory.retention_classes import SEALED_CLASSES
from privacy.notices.models import Notice
from privacy.policies.models import PolicyVersion
from privacy.subjects.models import DataSubject
from tests.factories import make_person, make_policy, make_user
from tests.sign_in_clients import registration_step, shown_text

INDIVIDUAL = {
    "country": "DE",
    "name": "Jörg Groß",
    "username": "joerg_gross",
    "password": "Lantern-Quartz-Orbit-51",
    "phone": "+4915123456789",
    "company_name": "",
    "time_zone": "Europe/Berlin",
    "email": "",
    "birth_month": "5",
    "birth_year": "1990",
    "agreed": "on",
}
ENTERPRISE = INDIVIDUAL | {
    "country": "CN",
    "phone": "+8613800138000",
    "time_zone": "Asia/Shanghai",
    "enterprise_name": "小米科技有限责任公司",
    "registration_number": "91110108551385082Q",
    "enterprise_email": "office@enterprise.example",
    "business_period_start": "2010-03-03",
    "business_period_end": "",
    "business_area": "",
    "business_address": "",
    "attested": "on",
}


@pytest.fixture(autouse=True)
def policies() -> dict[str, PolicyVersion]:
    return {code: make_policy(code, text=f"For {code}.") for code in ("cn", "intl")}


def send(client: Client, kind: str, data: dict[str, object]):
    return client.post(f"/register/{kind}/", shown_text(client, str(data["country"])) | data)


@pytest.mark.parametrize(
    ("kind", "data", "jurisdiction"), [("individual", INDIVIDUAL, "intl"), ("enterprise", ENTERPRISE, "cn")]
)
def test_a_registration_stores_one_person_with_everything(client: Client, kind: str, data, jurisdiction: str):
    answer = send(client, kind, data)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/verify/"), answer.content.decode()
    user = User.objects.get(username_index=data["username"])
    assert DataSubject.objects.get().jurisdiction == jurisdiction
    profile = Profile.objects.get(subject_id=user.subject_id)
    assert (profile.kind, profile.name, profile.country) == (kind, data["name"], data["country"])
    assert DataKey.objects.filter(owner=user.subject_id).count() == len(SEALED_CLASSES)
    assert not user.is_verified
    consent = latest_consent(user.subject_id)
    assert (consent.act, consent.channel, consent.purposes, consent.language) == ("registered", "web", [], "en")


def test_the_consent_names_the_version_of_the_countrys_jurisdiction(client: Client, policies):
    send(client, "enterprise", ENTERPRISE)
    assert ConsentRecord.objects.get().version == policies["cn"]


def test_nothing_is_ticked_before_the_person_ticks_it(client: Client):
    page = registration_step(client, "check", agreed="", **shown_text(client)).content.decode()
    boxes = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", page)
    assert len(boxes) >= 3
    assert not any("checked" in box for box in boxes)


@pytest.mark.parametrize("left_out", ["agreed", "birth_month", "birth_year"])
def test_without_agreement_or_age_nothing_is_stored(client: Client, left_out: str):
    data = {key: value for key, value in INDIVIDUAL.items() if key != left_out}
    answer = send(client, "individual", data)
    assert answer.status_code == 422
    assert not User.objects.exists()
    assert not DataSubject.objects.exists()
    assert not DataKey.objects.exists()
    assert not Notice.objects.exists()


def test_input_is_kept_after_an_error_save_the_password(client: Client):
    page = send(client, "individual", INDIVIDUAL | {"phone": "12"}).content.decode()
    assert 'value="Jörg Groß"' in page
    assert "Lantern-Quartz" not in page
    assert "Enter a phone number with its country code" in page


def test_how_to_write_a_number_and_a_password_is_said_before_any_error(client: Client, settings):
    page = registration_step(client, "you").content.decode()
    assert "Include the country code, like +49 " in page
    page = registration_step(client, "check", **shown_text(client)).content.decode()
    assert f"At least {settings.PASSWORD_MIN_LENGTH} characters." in page
    assert "like +86 138 0013 8000" in registration_step(client, "you", "CN").content.decode()


def test_the_example_in_an_error_is_of_the_chosen_country(client: Client):
    page = send(client, "individual", INDIVIDUAL | {"phone": "12"}).content.decode()
    assert "Enter a phone number with its country code, like +49 " in page


def test_the_summary_of_errors_reads_like_sentences(client: Client):
    data = {key: value for key, value in INDIVIDUAL.items() if key != "agreed"}
    about_you, at_the_end = (
        send(client, "individual", data | wrong).content.decode().split('class="summary"')[1].split("</ul>")[0]
        for wrong in ({"phone": "12"}, {})
    )
    assert '<a href="#id_phone">Phone number</a>: Enter' in about_you
    assert "id_agreed" not in about_you
    assert '<a href="#id_agreed">Read the policy and tick the box' in at_the_end
    assert ".</a>:" not in about_you + at_the_end


def test_a_guessed_country_is_said_to_be_a_guess(client: Client):
    guessed = client.get("/register/individual/", headers={"Accept-Language": "de-DE"}).content.decode()
    assert "We guessed this from your browser" in guessed
    assert "We guessed this from your browser" not in client.get("/register/individual/?country=DE").content.decode()


def test_another_version_meanwhile_asks_again_and_keeps_what_was_typed(client: Client):
    shown = shown_text(client, "DE")
    new = make_policy("intl", text="We added a sentence.")
    answer = client.post("/register/individual/", shown | INDIVIDUAL)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert not User.objects.exists()
    assert new.digest in page
    assert 'value="Jörg Groß"' in page
    assert not re.search(r'id="id_agreed"[^>]*checked', page)


def test_the_policy_of_another_jurisdiction_does_not_count(client: Client):
    shown = shown_text(client, "CN")
    answer = client.post("/register/individual/", shown | INDIVIDUAL)
    assert answer.status_code == 409
    assert not User.objects.exists()


def test_the_same_form_twice_makes_one_account(client: Client):
    data = shown_text(client, "DE") | INDIVIDUAL
    client.post("/register/individual/", data)
    again = Client().post("/register/individual/", data)
    assert again.status_code in (302, 422)
    assert User.objects.count() == 1


def test_a_forged_submission_id_does_not_sign_in(client: Client):
    victim = make_user(verified=True)
    answer = client.post(
        "/register/individual/",
        shown_text(client, "DE") | INDIVIDUAL | {"submission": str(victim.submission)},
    )
    assert answer.headers.get("Location") != "/home/"
    assert "_auth_user_id" not in client.session


def test_a_username_in_use_is_said_so_whatever_its_case(client: Client):
    make_user(username="Joerg_Gross")
    assert "This username is taken" in send(client, "individual", INDIVIDUAL).content.decode()


def test_a_registration_that_was_never_verified_gives_its_username_up(client: Client):
    make_user(username="joerg_gross", verified=False)
    assert send(client, "individual", INDIVIDUAL).status_code == 302


def test_a_phone_number_in_use_gets_the_same_answer_and_its_owner_a_notice(client: Client):
    make_person(phone=INDIVIDUAL["phone"])
    Notice.objects.all().delete()
    answer = send(client, "individual", INDIVIDUAL)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/verify/")
    assert list(Notice.objects.values_list("template", flat=True)) == ["already_registered"]


def test_optional_purposes_are_recorded_as_they_were_switched(client: Client):
    send(client, "individual", INDIVIDUAL | {"purposes": ["user_experience"]})
    assert ConsentRecord.objects.get().purposes == ["user_experience"]


def test_a_country_of_another_deployment_is_sent_there_before_anything_is_stored(client: Client):
    with override_settings(JURISDICTIONS=["cn"], JURISDICTION_URLS={"intl": "https://intl.example"}):
        answer = client.post(
            "/register/individual/", INDIVIDUAL | {"submission": uuid4(), "policy": "x", "language": "en"}
        )
    assert answer.headers["Location"] == "https://intl.example/register/individual/?country=DE"
    assert not DataSubject.objects.exists()


def test_a_password_made_of_the_persons_data_is_refused(client: Client):
    answer = send(client, "individual", INDIVIDUAL | {"password": "joerg_gross-4-ever-and-ever"})
    assert "Do not use your name" in answer.content.decode()


def test_a_failing_check_digit_can_be_insisted_on_and_is_marked_for_review(client: Client):
    data = ENTERPRISE | {"registration_number": "91350100M0001TGQXM"}
    page = send(client, "enterprise", data).content.decode()
    assert "The check digit of this number is wrong" in page
    assert 'name="registration_number_confirmed"' in page
    assert send(client, "enterprise", data | {"registration_number_confirmed": "on"}).status_code == 302
    profile = Profile.objects.get()
    assert profile.registration_number == "91350100M0001TGQXM"
    assert profile.registration_number_needs_review


def test_contact_points_wait_to_be_verified(client: Client):
    send(client, "enterprise", ENTERPRISE)
    assert set(ContactPoint.objects.values_list("field", "verified_at")) == {
        ("phone", None),
        ("enterprise_email", None),
    }
