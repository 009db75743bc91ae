"""The privacy page: what I agreed to, switches with what follows, receipts that are mine alone."""

import json

import pytest
from django.test import Client

from accounts.models import User
from privacy.consent.queries import consents_of, purposes_in_force
from tests.factories import make_person


@pytest.fixture
def person(client: Client) -> User:
    user = make_person()
    client.force_login(user)
    return user


def test_a_switch_says_first_what_follows_and_is_as_easy_off_as_on(client: Client, person: User):
    page = "/settings/privacy/purposes/product_news/"
    client.post(page, {"on": "yes"})
    assert purposes_in_force(person.subject_id) == ["product_news"]
    assert "We stop writing to you about products" in client.get(page).content.decode()
    client.post(page, {"on": "no"})
    assert purposes_in_force(person.subject_id) == []


@pytest.mark.parametrize("key", ["service", "no_such_purpose"])
def test_what_has_no_switch_has_no_page(client: Client, person: User, key: str):
    assert client.get(f"/settings/privacy/purposes/{key}/").status_code == 404


def test_a_receipt_can_be_downloaded_by_its_owner_only(client: Client, person: User):
    record = consents_of(person.subject_id).get()
    answer = client.get(f"/settings/privacy/receipts/{record.pk}.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.content)["record_id"] == str(record.pk)
    stranger = Client()
    stranger.force_login(make_person())
    assert stranger.get(f"/settings/privacy/receipts/{record.pk}.json").status_code == 404
