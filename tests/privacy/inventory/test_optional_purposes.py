"""The optional purposes come from the operator's file: shown and switched under its labels."""

from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils.translation import override

from privacy.consent.queries import purposes_in_force
from privacy.consent.services import switch_purpose
from privacy.inventory.optional_purposes import PurposesMalformed, read_optional_purposes
from privacy.inventory.purposes import UnknownPurpose, get_purpose, labels_of_purposes, optional_purposes
from tests.app import App
from tests.factories import PASSWORD, make_person, make_policy
from tests.sign_in_clients import client_of, registration_step, shown_text

pytestmark = pytest.mark.embedded

FILE = """
[surveys]
label = { en = "Surveys", "zh-hans" = "问卷调查" }
description = { en = "To ask your opinion.", "zh-hans" = "征求您的意见。" }
consequence = { en = "We ask you no more." }
"""


@pytest.fixture
def surveys(tmp_path: Path, settings) -> Path:
    """The operator's file names another purpose, and retires one that ships."""
    file = tmp_path / "purposes.toml"
    shipped = Path(configured.BASE_DIR / "privacy/inventory/optional_purposes.toml").read_text(encoding="utf-8")
    retired = shipped.replace("[product_news]", "[product_news]\nretired = true")
    file.write_text(FILE + retired, encoding="utf-8")
    settings.OPTIONAL_PURPOSES = read_optional_purposes(str(file))
    return file


def test_a_purpose_is_labelled_in_the_reader_s_language(surveys: Path):
    assert [purpose.key for purpose in optional_purposes()] == ["surveys", "user_experience"]
    with override("zh-hans"):
        assert str(get_purpose("surveys").label) == "问卷调查"
        assert str(get_purpose("surveys").consequence) == "We ask you no more."


def test_the_operator_s_purpose_is_asked_for_at_every_interface(surveys: Path, client: Client):
    make_policy()
    page = registration_step(client, "check", **shown_text(client)).content.decode()
    assert "Surveys: To ask your opinion." in page
    asked = App().get("fields?kind=individual&country=DE").json()["purposes"]
    assert asked[0] == {"key": "surveys", "label": "Surveys", "description": "To ask your opinion."}


@pytest.mark.django_db
def test_a_retired_purpose_is_not_asked_for_and_can_only_be_switched_off(settings, tmp_path: Path, request):
    person = make_person()
    subject = person.subject
    switch_purpose(subject=subject, key="product_news", on=True, channel="web")
    request.getfixturevalue("surveys")
    browser = client_of(person)
    page = browser.get("/settings/privacy/").content.decode()
    assert "Product news" in page
    assert browser.get("/settings/privacy/purposes/product_news/").status_code == 200
    switch_purpose(subject=subject, key="surveys", on=True, channel="web")
    assert purposes_in_force(subject.pk) == ["product_news", "surveys"]
    browser.post("/settings/privacy/purposes/product_news/", {"on": "no"})
    assert purposes_in_force(subject.pk) == ["surveys"]
    assert "Product news" in browser.get("/settings/privacy/").content.decode()  # in the list of consents
    assert browser.get("/settings/privacy/purposes/product_news/").status_code == 404
    with pytest.raises(UnknownPurpose):
        switch_purpose(subject=subject, key="product_news", on=True, channel="web")


def test_records_of_a_purpose_that_the_file_names_no_more_stay_readable(settings):
    person = make_person()
    switch_purpose(subject=person.subject, key="product_news", on=True, channel="web")
    settings.OPTIONAL_PURPOSES = ()
    browser = client_of(person)
    assert "product_news" in browser.get("/settings/privacy/").content.decode()
    app = App()
    app.sign_in(person.username, PASSWORD)
    receipt = app.get("me/consents").json()["results"][0]["receipt"]
    named = {purpose["purpose_type"]: purpose for purpose in receipt["pii_processing"]["purposes"]}
    assert (named["product_news"]["purpose"], named["product_news"]["clause"]) == ("product_news", None)
    assert app.post("me/consents", {"act": "granted", "purpose": "product_news"}).status_code == 422
    assert labels_of_purposes(["product_news"]) == ["product_news"]


def test_no_more_purposes_than_there_are_can_be_asked_for_over_rest(settings):
    person = make_person()
    app = App()
    app.sign_in(person.username, PASSWORD)
    body = {"act": "accepted", "policy": "0" * 64, "language": "en", "agreed": True, "purposes": ["product_news"] * 999}
    answer = app.post("me/consents", body)
    assert (answer.status_code, answer.json()["errors"]["purposes"][0]["code"]) == (422, "max_length")


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("[Surveys]", "'Surveys' is no key"),
        ("[service]", "'service' is no key"),
        ("surveys = 1", r"\[surveys\] must be a table"),
        (FILE + "clause = '1.4'", "it has clause"),
        (FILE + "retired = 'yes'", "retired must be true or false"),
        (FILE.replace('{ en = "We ask you no more." }', '{ de = "Wir fragen nicht mehr." }'), "needs consequence"),
        (FILE.replace('"To ask your opinion."', '" "'), "needs description"),
        (FILE.replace('{ en = "We ask you no more." }', '"We ask you no more."'), "needs consequence"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, file: str, why: str):
    (tmp_path / "purposes.toml").write_text(file, encoding="utf-8")
    with pytest.raises(PurposesMalformed, match=why):
        read_optional_purposes(str(tmp_path / "purposes.toml"))


def test_an_operator_may_have_no_optional_purpose(tmp_path: Path, settings, client: Client):
    (tmp_path / "purposes.toml").write_text("")
    settings.OPTIONAL_PURPOSES = read_optional_purposes(str(tmp_path / "purposes.toml"))
    person = make_person()
    assert "Optional uses of your data" not in client_of(person).get("/settings/privacy/").content.decode()
    make_policy()
    assert "Optional uses" not in client_of(person).get("/settings/privacy/changes/", follow=True).content.decode()
    page = registration_step(client, "check", **shown_text(client)).content.decode()
    assert "Create account" in page
    assert "Optional uses" not in page
    assert App().get("fields?kind=individual").json()["purposes"] == []
