"""New codes of a request are limited by caller and address, and by the block of a number."""

import pytest
from django.test import Client

from accounts.contact_points.codes import count_code
from privacy.notices.models import Notice
from privacy.rights.models.requests import RightsRequest
from tests.app import App
from tests.factories import make_policy
from tests.privacy.rights.pages import file

pytestmark = pytest.mark.django_db
NUMBER = "+4915123456789"


@pytest.fixture(autouse=True)
def _policy(limits_on) -> None:
    make_policy("intl")


def codes() -> int:
    return Notice.objects.filter(template="request_code").count()


def from_network(number: int) -> Client:
    return Client(REMOTE_ADDR=f"203.0.{number}.9")


def test_a_caller_has_a_few_new_codes_an_hour_and_leaves_the_owner_their_codes_to_sign_in():
    client = from_network(1)
    page = file(client, contact=NUMBER)
    statuses = [client.post(f"{page}new-code/").status_code for _time in range(8)]
    assert statuses == [302] * 5 + [429] * 3
    assert codes() == 1 + 5
    count_code(values=[NUMBER], network="198.51.100.1")
    assert file(from_network(2), contact=NUMBER).startswith("/requests/")


def test_codes_to_many_numbers_of_one_block_are_limited_together():
    sent = 0
    for number in range(8):
        client = from_network(number)
        page = file(client, contact=f"+491512345{number:04}")
        sent += sum(client.post(f"{page}new-code/").status_code == 302 for _time in range(5))
    assert sent == 30


def test_an_app_has_the_same_limit():
    body = {"country": "DE", "contact": {"phone": NUMBER}, "items": [{"right": "access"}]}
    filed = App().post("requests", body).json()
    answers = [App().post(f"requests/{filed['reference']}/code", Request_Token=filed["token"]) for _time in range(7)]
    assert [answer.status_code for answer in answers] == [204] * 5 + [429] * 2
    assert answers[-1].json()["code"] == "rate_limited"
    assert RightsRequest.objects.get().codes.count() == 1
