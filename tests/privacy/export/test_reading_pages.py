"""The pages and files on which a copy is read, and who gets them."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.users.models import User
from privacy.consent.services import switch_purpose
from privacy.export.standalone import as_html
from tests.app import registered
from tests.changes import signed_in_as
from tests.copies import document_of, ready_copy
from tests.factories import make_person, make_policy
from tests.privacy.export.pages import Words, page_of

pytestmark = pytest.mark.django_db


def test_pages_show_and_give_the_file(full_person):
    client = signed_in_as(full_person)
    copy = ready_copy(full_person.subject)
    page = page_of(copy, client)
    assert "How we use your data, and your rights" in page
    assert Words(page).text.index("Who you are") < Words(page).text.index("What you agreed to")
    answer = client.get(f"/settings/privacy/copy/{copy.pk}/my-data.html")
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="my-data-\d{4}-\d\d-\d\d\.html"', answer["Content-Disposition"])
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.decode().startswith("<!doctype html>")


def test_only_the_owner_gets_the_file_after_a_fresh_sign_in(full_person, settings):
    copy = ready_copy(full_person.subject)
    address = f"/settings/privacy/copy/{copy.pk}/my-data.html"
    assert Client().get(address).status_code == 302
    other = signed_in_as(make_person(phone="+38164999998"))
    assert other.get(address).status_code == 404
    owner = signed_in_as(full_person)
    assert owner.get(address).status_code == 200
    settings.FRESH_SIGN_IN = settings.FRESH_SIGN_IN * 0
    assert owner.get(address)["Location"].startswith("/sign-in/again/")


def test_an_app_gets_the_page_in_its_language_and_its_persons_zone():
    make_policy("intl")
    app = registered()
    subject = User.objects.get().subject
    copy = ready_copy(subject)
    app.language = "zh-Hans"
    answer = app.get(f"me/copies/{copy.pk}/page", accept="text/html")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert '<html lang="zh-hans">' in answer.content.decode()
    assert app.get(f"me/copies/{copy.pk}/page").status_code == 200
    missing = app.get(f"me/copies/{subject.pk}/page", accept="text/html")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


def test_a_copy_of_the_former_format_is_downloaded_and_not_shown(full_person):
    client = signed_in_as(full_person)
    copy = ready_copy(full_person.subject)
    copy.document = json.dumps({"made_at": "2026-01-01T00:00:00+00:00", "held": {}, "fields": {}, "consents": []})
    copy.save()
    assert "created before an update" in page_of(copy, client)
    page = f"/settings/privacy/copy/{copy.pk}/"
    assert client.get(f"{page}my-data.html")["Location"] == page
    assert client.get(f"/settings/privacy/copy/{copy.pk}/my-data.json").json()["held"] == {}


def test_codes_that_no_release_knows_any_more_stay_as_they_are(full_person):
    document = document_of(full_person.subject)
    document["records"]["security_events"][0]["event"] = "gone"
    document["records"]["consents"][0] |= {"purposes_on": ["gone"], "language": "xx", "policy_jurisdiction": "gone"}
    document["records"]["cancellations"][0]["ground"] = "9.9"
    document["processing"]["periods"].append({"data": "gone", "label": "x", "period": "ten years"})
    document["processing"]["rights"].append({"right": "gone", "label": "x", "how": "x"})
    seen = as_html(document)
    assert seen.count("gone") >= 4
    assert "9.9" in seen
    assert "ten years" in seen.lower()


def test_more_answers_take_no_more_queries(full_person):
    document_of(full_person.subject)  # a version's clauses are read once
    with CaptureQueriesContext(connection) as few:
        document_of(full_person.subject)
    for _time in range(3):
        for on in (True, False):
            switch_purpose(subject=full_person.subject, key="product_news", on=on, channel="web")
    with CaptureQueriesContext(connection) as many:
        consents = document_of(full_person.subject)["records"]["consents"]
    assert len(consents) == 10
    assert len(many) == len(few)
