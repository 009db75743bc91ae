"""Staff use the portal's sign-in, and their first page shows what needs attention."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.operations.roles import ROLES
from tests.factories import PASSWORD, make_person, make_staff, make_user, pass_time
from tests.sign_in_clients import app_code, client_of

pytestmark = pytest.mark.embedded


@pytest.fixture
def staff_client() -> Client:
    return client_of(make_staff(jurisdiction="cn"))


def test_the_admin_has_no_sign_in_of_its_own(client: Client):
    answer = client.get("/admin/login/?next=/admin/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=/admin/")


def test_people_without_rights_are_refused(client: Client):
    client.force_login(make_user())
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/").status_code == 403


def test_staff_without_a_second_factor_are_sent_to_set_one_up(client: Client):
    client.force_login(make_staff(jurisdiction="cn", second_factor=False))
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1] == ("/settings/security/?next=%2Fadmin%2F", 302)
    assert "Staff must use two-step verification" in answer.content.decode()
    assert client.get("/admin/privacy/policyversion/").status_code == 302


def test_the_first_visit_of_staff_leads_back_to_the_page_that_they_wanted(client: Client):
    wanted = "/admin/accounts/user/?q=maria"
    make_staff(jurisdiction="cn", second_factor=False)
    asked = client.get(wanted, follow=True).redirect_chain[-1][0]
    page = client.post(asked, {"login": "officer", "password": PASSWORD}, follow=True).content.decode()
    kept = quote(wanted)
    assert f'href="/settings/security/passkeys/?next={kept}"' in page
    assert f'href="/settings/security/app/?next={kept}"' in page
    form = client.get(f"/settings/security/app/?next={kept}").content.decode()
    secret = re.search(r'<code id="secret">(\w+)</code>', form)[1]
    assert f'name="next" value="{wanted}"' in form
    answer = client.post("/settings/security/app/", {"code": app_code(secret), "next": wanted}, follow=True)
    assert f'<a class="button-secondary" href="{wanted}">' in answer.content.decode()
    assert client.get(wanted).status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_no_second_factor_page_leads_to_another_site(client: Client, elsewhere: str):
    make_staff(jurisdiction="cn", second_factor=False)
    client.post("/sign-in/", {"login": "officer", "password": PASSWORD})
    for path in ("/settings/security/", "/settings/security/app/", "/settings/security/passkeys/"):
        answer = client.get(path, {"next": elsewhere})
        assert answer.status_code == 200
        assert "next" not in answer.content.decode().partition("<main")[2].partition("</main>")[0]


def test_staff_with_a_second_factor_come_in(staff_client: Client):
    assert staff_client.get("/admin/").status_code == 200


@pytest.mark.parametrize("page", ["/admin/", "/admin/privacy/erasurecase/", "/admin/accounts/user/"])
def test_every_page_of_the_admin_links_the_icon(staff_client: Client, page: str):
    assert '<link rel="icon" href="/static/favicon.svg"' in staff_client.get(page).content.decode()


def test_what_is_due_next_ends_with_one_dot(staff_client: Client):
    cancel_account(subject=make_person().subject)
    ErasureCase.objects.update(due_at=datetime(2026, 11, 1, 2, 3, tzinfo=UTC))
    page = staff_client.get("/admin/").content.decode()
    assert "The next one is due on Nov. 1, 2026, 2:03 a.m. (UTC)." in page


def test_staff_change_their_password_on_the_portals_page(staff_client: Client):
    assert staff_client.get("/admin/password_change/").headers["Location"] == "/settings/security/password/"


def test_staff_sign_out_by_the_same_word_and_page_as_everyone(staff_client: Client):
    page = staff_client.get("/admin/").content.decode()
    assert "Log out" not in page
    assert 'action="/sign-out/"' in page
    assert staff_client.post("/admin/logout/", follow=True).redirect_chain == [("/", 302)]
    assert staff_client.get("/admin/").status_code == 302


def test_no_table_of_a_library_can_be_filled_with_addresses():
    assert [model for model in admin.site._registry if model._meta.app_label == "account"] == []


def test_a_failed_erasure_is_on_the_first_page_until_it_is_done(staff_client: Client):
    case = cancel_account(subject=make_person().subject)
    assert "Nothing has failed, and nothing is overdue" in staff_client.get("/admin/").content.decode()
    ErasureCase.objects.update(attempts=2, last_failure="erase_rows: OperationalError")
    page = staff_client.get("/admin/").content.decode()
    assert case.reference in page
    assert "erase_rows: OperationalError" in page


def test_a_late_erasure_is_on_the_first_page(staff_client: Client):
    case = cancel_account(subject=make_person().subject)
    pass_time(case, settings.COOLING_OFF + settings.ERASE_WITHIN)
    page = staff_client.get("/admin/").content.decode()
    assert case.reference in page
    assert "late" in page


def failing(case: ErasureCase) -> None:
    ErasureCase.objects.filter(pk=case.pk).update(
        attempts=2, last_failure="erase_rows: OperationalError", next_attempt_at=timezone.now() + timedelta(hours=1)
    )


def test_a_late_failing_erasure_is_on_the_first_page_once_with_a_link(staff_client: Client):
    case, soon = cancel_account(subject=make_person().subject), cancel_account(subject=make_person().subject)
    pass_time(case, settings.COOLING_OFF + settings.ERASE_WITHIN)
    pass_time(soon, settings.COOLING_OFF + settings.ERASE_WITHIN - timedelta(hours=1))
    failing(case)
    failing(soon)
    page = staff_client.get("/admin/").content.decode()
    for one in (case, soon):
        assert page.count(one.reference) == 1
        assert f'<a href="/admin/privacy/erasurecase/{one.pk}/change/">{one.reference}</a>' in page
        assert page.count(f'action="/admin/privacy/erasurecase/{one.pk}/try-again/"') == 1
    assert page.index(case.reference) < page.index(soon.reference)


@pytest.mark.parametrize("where", ["first page", "its own page"])
def test_a_failing_erasure_is_tried_again_now(staff_client: Client, where: str):
    case = cancel_account(subject=make_person().subject)
    pass_time(case, settings.COOLING_OFF)
    failing(case)
    erase_due_accounts()
    case.refresh_from_db()
    assert case.erased_at is None
    page = f"/admin/privacy/erasurecase/{case.pk}/change/"
    retry = f"/admin/privacy/erasurecase/{case.pk}/try-again/"
    assert retry in staff_client.get(page if where == "its own page" else "/admin/").content.decode()
    answer = staff_client.post(retry, {"first_page": "yes"} if where == "first page" else {})
    assert answer.headers["Location"] == ("/admin/" if where == "first page" else page)
    erase_due_accounts()
    case.refresh_from_db()
    assert case.state == "erased"
    log = LogEntry.objects.get()
    assert (log.object_id, log.change_message) == (str(case.pk), "try again now")
    assert retry not in staff_client.get(page).content.decode()


def test_nothing_is_tried_again_that_did_not_fail_or_is_not_due(staff_client: Client):
    waiting, well = cancel_account(subject=make_person().subject), cancel_account(subject=make_person().subject)
    failing(waiting)
    pass_time(well, settings.COOLING_OFF)
    for case in (waiting, well):
        said = staff_client.post(f"/admin/privacy/erasurecase/{case.pk}/try-again/", follow=True).content.decode()
        assert "There is nothing to retry" in said
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("role", ROLES)
def test_only_who_may_tries_again(role: str):
    case = cancel_account(subject=make_person().subject)
    client = client_of(make_staff(role))
    status = client.post(f"/admin/privacy/erasurecase/{case.pk}/try-again/").status_code
    assert status == (302 if role == "Privacy officer" else 403)
    assert client.get(f"/admin/privacy/erasurecase/{case.pk}/try-again/").status_code == 405
