"""The staff's door is everybody's door, and their first page shows what needs somebody."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client

from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from tests.doors import client_of
from tests.factories import make_person, make_staff, make_user, pass_time


@pytest.fixture
def staff_client() -> Client:
    return client_of(make_staff(jurisdiction="cn"))


def test_there_is_no_second_door(client: Client):
    answer = client.get("/admin/login/?next=/admin/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=/admin/")


def test_people_without_rights_are_refused(client: Client):
    client.force_login(make_user())
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/").status_code == 403


def test_staff_without_a_second_factor_are_sent_to_set_one_up(client: Client):
    client.force_login(make_staff(jurisdiction="cn", second_factor=False))
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1] == ("/settings/security/", 302)
    assert "Staff need a second factor" in answer.content.decode()
    assert client.get("/admin/privacy/policyversion/").status_code == 302


def test_staff_with_a_second_factor_come_in(staff_client: Client):
    assert staff_client.get("/admin/").status_code == 200


@pytest.mark.parametrize("page", ["/admin/", "/admin/privacy/erasurecase/", "/admin/accounts/user/"])
def test_every_page_of_the_admin_links_the_icon(staff_client: Client, page: str):
    assert '<link rel="icon" href="/static/favicon.svg"' in staff_client.get(page).content.decode()


def test_what_is_due_next_ends_with_one_dot(staff_client: Client):
    cancel_account(subject=make_person().subject)
    ErasureCase.objects.update(due_at=datetime(2026, 11, 1, 2, 3, tzinfo=UTC))
    page = staff_client.get("/admin/").content.decode()
    assert "The next is due Nov. 1, 2026, 2:03 a.m. (UTC)." in page


def test_staff_change_their_password_where_everybody_does(staff_client: Client):
    assert staff_client.get("/admin/password_change/").headers["Location"] == "/settings/security/password/"


def test_no_table_of_a_library_can_be_filled_with_addresses():
    assert [model for model in admin.site._registry if model._meta.app_label == "account"] == []


def test_a_failed_erasure_stands_on_the_first_page_until_it_is_done(staff_client: Client):
    case = cancel_account(subject=make_person().subject)
    assert "Nothing failed and nothing is late" in staff_client.get("/admin/").content.decode()
    ErasureCase.objects.update(attempts=2, last_failure="erase_rows: OperationalError")
    page = staff_client.get("/admin/").content.decode()
    assert case.reference in page
    assert "erase_rows: OperationalError" in page


def test_a_late_erasure_stands_on_the_first_page(staff_client: Client):
    case = cancel_account(subject=make_person().subject)
    pass_time(case, settings.COOLING_OFF + settings.ERASE_WITHIN)
    page = staff_client.get("/admin/").content.decode()
    assert case.reference in page
    assert "late" in page
