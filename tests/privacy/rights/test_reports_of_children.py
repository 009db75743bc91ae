"""Somebody reports a child who uses the portal without a parent's consent: first in the queue, with an alarm."""

import datetime as dt
from uuid import uuid4

import pytest
from django.test import Client

from accounts.users.models import User
from portal.operations.alarms import raise_urgent_alarms
from privacy.erasure.models import ErasureCase
from privacy.rights.choices import ItemState
from privacy.rights.models.requests import RightsRequest
from privacy.rights.queries import child_reports
from tests.app import App
from tests.factories import make_person, make_policy
from tests.privacy.rights.in_admin import QUEUE, filed, officer, page, read
from tests.privacy.rights.test_queue import be_late
from tests.sign_in_clients import client_of

WORDS = "mia_2015 is nine, and I am her mother."


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl", label="1")


def test_a_stranger_reports_on_the_page_with_what_to_find_the_account_by():
    shown = Client().get("/requests/?right=child").context["form"]
    assert shown["rights"].value() == ["child"]
    typed = {"rights": ["child"], "country": "DE", "contact": "mother@example.com", "submission": str(uuid4())}
    assert Client().post("/requests/", typed).status_code == 422
    assert Client().post("/requests/", typed | {"text": WORDS}).status_code == 302
    [report] = child_reports()
    item = report.items.get()
    assert (item.state, item.text) == (ItemState.WITH_STAFF, WORDS)
    assert not ErasureCase.objects.exists()


def test_it_is_due_the_next_day_by_its_own_clause():
    report = filed("child", "access")
    assert report.rule == "policy 8.2"
    assert report.due_at - report.received_at < dt.timedelta(days=2)
    assert filed("access").rule == "policy 9.2"


def test_it_stands_before_late_ones_until_it_is_decided():
    late, report, other = filed("access"), filed("child"), filed("question")
    be_late(late)
    staff = officer()
    for where in (QUEUE, "/admin/"):
        shown = read(staff, where)
        assert shown.index(report.reference) < shown.index(late.reference) < shown.index(other.reference)
    report.items.update(state=ItemState.DONE, decided_at=report.received_at)
    shown = read(staff, QUEUE)
    assert shown.index(late.reference) < shown.index(report.reference)
    assert not child_reports().exists()


def test_it_raises_an_alarm_that_names_nobody():
    report = filed("child")
    [line] = [line for line in raise_urgent_alarms() if "child without consent" in line]
    assert report.reference in line
    assert "ada@example.com" not in line


def test_staff_go_from_the_report_to_the_account_and_suspend_it_with_one_act():
    report, child = filed("child"), make_person()
    staff = officer()
    assert "/admin/accounts/user/" in read(staff, page(report))
    assert client_of(staff).post(f"/admin/privacy/guardianship/found/{child.subject_id}/").status_code == 302
    assert not User.objects.get(pk=child.pk).is_active
    case = ErasureCase.objects.get()
    assert case.deadline_at - case.cancelled_at == dt.timedelta(hours=24)


def test_over_rest():
    body = {"items": [{"right": "child", "text": WORDS}], "country": "DE", "contact": {"email": "mother@example.com"}}
    assert App().post("requests", body).status_code == 201
    assert RightsRequest.objects.get() in child_reports()
