"""A member of staff reads due times in a calendar, by a secret address that holds no name and can be ended."""

import re

import pytest
from django.test import Client

from privacy.operations.roles import AUDITOR, SUPPORT
from privacy.rights.models.calendar import CalendarFeed
from privacy.rights.models.requests import RightsRequest
from tests.factories import make_staff
from tests.privacy.rights.in_admin import QUEUE, filed, officer
from tests.sign_in_clients import client_of

pytestmark = [pytest.mark.django_db]
PAGE = f"{QUEUE}calendar/"


def address_of(client: Client) -> str:
    [path] = re.findall(r"/staff/requests/[\w-]+\.ics", client.post(PAGE).content.decode())
    return path


def test_it_has_the_due_times_of_my_requests_and_of_those_of_no_one():
    member, other = officer(), make_staff(SUPPORT, username="other")
    mine, free, theirs, closed = (filed("access") for _n in range(4))
    RightsRequest.objects.filter(pk=mine.pk).update(assigned_to=member.pk)
    RightsRequest.objects.filter(pk=theirs.pk).update(assigned_to=other.pk)
    RightsRequest.objects.filter(pk=closed.pk).update(closed_at=closed.received_at)
    answer = Client().get(address_of(client_of(member)))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    assert set(re.findall(r"SUMMARY:(\S+)", text)) == {mine.reference, free.reference}
    assert f"DTSTART:{mine.due_at:%Y%m%dT%H%M%SZ}\r\n" in text
    assert "ada@example.com" not in text
    assert "My words" not in text
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert max(len(line) for line in text.split("\r\n")) <= 75
    assert re.search(r"URL:\S+(\r\n \S+)*", text)


def test_only_a_keyed_hash_is_stored_and_the_address_is_shown_once():
    client = client_of(officer())
    address = address_of(client)
    secret = address.removeprefix("/staff/requests/").removesuffix(".ics")
    assert secret.encode() not in bytes(CalendarFeed.objects.get().secret_hash)
    assert secret not in client.get(PAGE).content.decode()
    assert Client().get(address.replace(secret, secret[::-1])).status_code == 404


def test_a_new_address_replaces_the_old_one_and_it_can_be_ended():
    client = client_of(officer())
    first = address_of(client)
    second = address_of(client)
    assert [Client().get(path).status_code for path in (first, second)] == [404, 200]
    assert "no longer works" in client.post(PAGE, {"end": "yes"}, follow=True).content.decode()
    assert Client().get(second).status_code == 404


def test_who_works_on_no_requests_any_more_reads_nothing():
    member = officer()
    address = address_of(client_of(member))
    member.groups.clear()
    assert Client().get(address).status_code == 404
    assert client_of(make_staff(AUDITOR, username="auditor")).post(PAGE).status_code == 403
