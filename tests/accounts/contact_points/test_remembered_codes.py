"""A session remembers a right code for a limited time, and for one contact point."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from tests.app import App, registered
from tests.factories import make_person, make_policy
from tests.sign_in_clients import newest_code

PHONE, NEW = "+4915123456789", "+4915123450000"


def test_a_code_given_for_one_number_says_nothing_of_the_next_that_waits():
    make_policy("intl")
    app = registered()
    app.post("me/contacts/phone", {"value": NEW})
    code = newest_code()
    assert app.post("me/contacts/phone/verify", {"code": code}).status_code == 200
    app.post("me/contacts/phone", {"value": "+4915123450009"})
    if newest_code() != code:
        assert app.post("me/contacts/phone/verify", {"code": code}).json()["code"] == "wrong_code"
    assert ContactPoint.objects.filter(field="phone", verified_at=None).exists()


@pytest.mark.parametrize(("minutes", "status"), [(1, 200), (3, 409)])
def test_a_session_remembers_a_right_code_for_two_minutes(minutes: int, status: int):
    make_policy("intl")
    app = registered()
    app.post("me/contacts/phone", {"value": NEW})
    code = newest_code()
    assert app.post("me/contacts/phone/verify", {"code": code}).status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=minutes)):
        assert app.post("me/contacts/phone/verify", {"code": code}).status_code == status


@pytest.mark.parametrize(("minutes", "status"), [(9, 204), (11, 422)])
def test_a_recovery_remembers_its_code_as_long_as_its_proof(minutes: int, status: int):
    make_person(phone=PHONE)
    app = App()
    app.post("auth/recover", {"login": PHONE})
    code = newest_code("recovery_code")
    assert app.post("auth/recover/confirm", {"code": code}).status_code == 204
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=minutes)):
        assert app.post("auth/recover/confirm", {"code": code}).status_code == status
