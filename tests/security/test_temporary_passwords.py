"""A temporary password is known to another person: it opens only the page that changes it, for a day."""

import datetime as dt
import re
import time
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.security_events.failures_in_a_row import Authenticator, judge
from accounts.sessions.models import Session
from accounts.sessions.services import change_password
from accounts.sign_in.undo_change import lock_account
from accounts.staff import staff_accounts
from accounts.staff.staff_accounts import renew_temporary_password
from accounts.users.models import User
from accounts.users.services import user_of_name
from portal.runtime.supervisor import preparation
from privacy.notices.models import Notice
from tests.app import App
from tests.factories import give_second_factor, make_staff
from tests.parallel import in_parallel
from tests.sign_in_clients import client_of, newest_code

pytestmark = pytest.mark.django_db
NEW, OTHER = "Granite-Piano-River-77", "Lantern-Quartz-Orbit-51"
DAY = dt.timedelta(days=1)


def temporary_password(capsys: pytest.CaptureFixture, *options: str) -> str:
    call_command("create_staff", "anna", "--role", "Support", *options)
    return re.search(r"password: (\S+)", capsys.readouterr().out)[1]


@pytest.fixture
def password(capsys: pytest.CaptureFixture) -> str:
    return temporary_password(capsys)


def sign_in(password: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": "anna", "password": password})
    return client


def test_until_it_is_changed_nothing_but_the_password_page_opens(password: str):
    client = sign_in(password)
    pages = ["/", "/home/", "/admin/", "/settings/security/", "/settings/security/app/", "/settings/privacy/"]
    for page in [*pages, "/settings/security/phone/", "/policies/", "/recover/"]:
        answer = client.get(page)
        assert (answer.status_code, answer.get("Location")) == (302, "/settings/security/password/"), page
    assert client.get("/settings/security/password/").status_code == 200


def test_until_it_is_changed_rest_answers_one_thing(password: str):
    app = App()
    assert app.sign_in("anna", password).json()["signed_in"] is True
    for method, path in [("GET", "me"), ("GET", "me/contacts"), ("GET", "auth/factors"), ("DELETE", "auth/sessions")]:
        answer = app.send(method, path, {} if method == "POST" else None)
        assert (answer.status_code, answer.json()["code"]) == (403, "password_change_required"), path
    assert app.post("auth/password", {"current": password, "password": NEW}).status_code == 200
    assert app.get("me/contacts").status_code == 200


def test_a_second_factor_can_be_given_to_change_the_temporary_password(password: str):
    client = client_of(give_second_factor(user_of_name("anna")))
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        again = client.get("/settings/security/password/").headers["Location"]
        assert client.get(again).status_code == 200


def test_a_changed_password_opens_the_rest(password: str):
    client = sign_in(password)
    answer = client.post("/settings/security/password/", {"current": password, "password": NEW})
    assert answer.headers["Location"] == "/admin/"
    assert client.get("/settings/security/").status_code == 200
    assert user_of_name("anna").temporary_password_until is None


def test_a_temporary_password_cannot_be_kept(password: str):
    client = sign_in(password)
    page = client.post("/settings/security/password/", {"current": password, "password": password}).content.decode()
    assert "Choose a password that is not your current one." in page
    assert client.get("/home/").status_code == 302


def test_after_a_day_it_is_refused_and_the_page_says_what_to_do(password: str):
    with time_machine.travel(timezone.now() + DAY + dt.timedelta(seconds=1)):
        client = Client()
        page = client.post("/sign-in/", {"login": "anna", "password": password}, follow=True).content.decode()
        assert "This password has expired" in page
        assert "Ask an administrator for a new one" in page
        assert client.get("/settings/security/password/").status_code == 302
        refused = App().sign_in("anna", password)
        assert (refused.status_code, refused.json()["code"]) == (403, "temporary_password_expired")


def test_a_session_that_waited_a_day_to_change_it_is_over(password: str):
    client = sign_in(password)
    with time_machine.travel(timezone.now() + DAY + dt.timedelta(seconds=1)):
        answer = client.post("/settings/security/password/", {"current": password, "password": NEW})
        assert answer.headers["Location"].startswith("/sign-in/")
    assert user_of_name("anna").check_password(password)


def test_a_wrong_password_does_not_tell_that_the_first_one_expired(password: str):
    with time_machine.travel(timezone.now() + DAY + dt.timedelta(seconds=1)):
        assert App().sign_in("anna", OTHER).json()["code"] == "wrong_credentials"


def test_a_verified_contact_point_recovers_an_account_whose_temporary_password_expired(password: str):
    anna = user_of_name("anna")
    mark_verified(add_contact_point(subject=anna.subject, field="phone", value="+4915123456789"))
    app = App()
    with time_machine.travel(timezone.now() + DAY + dt.timedelta(seconds=1)):
        app.post("auth/recover", {"login": "+4915123456789"})
        assert app.post("auth/recover/confirm", {"code": newest_code("recovery_code")}).status_code == 204
        assert app.post("auth/recover/password", {"password": NEW}).status_code == 200
        assert App().sign_in("anna", NEW).json()["signed_in"] is True


def test_a_renewed_temporary_password_ends_the_earlier_one_and_its_sessions(password: str, capsys):
    client = sign_in(password)
    call_command("create_staff", "anna", "--renew")
    renewed = re.search(r"password: (\S+)", capsys.readouterr().out)[1]
    assert not Session.objects.filter(subject=user_of_name("anna").subject).exists()
    assert client.get("/settings/security/password/").status_code == 302
    assert App().sign_in("anna", password).json()["code"] == "wrong_credentials"
    assert App().sign_in("anna", renewed).json()["signed_in"] is True
    with pytest.raises(CommandError, match="No member of staff"):
        call_command("create_staff", "bert", "--renew")


def test_production_makes_no_account_and_says_how(settings):
    said: list[str] = []
    settings.IN_PRODUCTION = True
    preparation._create_first_staff(said.append)
    assert said == ["There is no staff account yet. Create one: manage.py create_staff NAME"]
    assert not User.objects.filter(is_staff=True).exists()


def test_outside_production_the_first_account_is_printed_and_has_a_temporary_password():
    said: list[str] = []
    preparation._create_first_staff(said.append)
    preparation._create_first_staff(said.append)
    assert len(said) == 1
    assert "password: " in said[0]
    assert user_of_name("admin").temporary_password_until is not None


def test_the_period_is_a_setting(capsys, settings):
    settings.TEMPORARY_PASSWORD_LIFETIME = dt.timedelta(hours=1)
    temporary_password(capsys)
    until = user_of_name("anna").temporary_password_until
    assert dt.timedelta(minutes=59) < until - timezone.now() <= dt.timedelta(hours=1)


def test_configuration_names_the_periods():
    shown = Path("docs/configuration.md").read_text(encoding="utf-8")
    assert "TEMPORARY_PASSWORD_LIFETIME" in shown
    assert "UNDO_CHANGES_FOR" in shown


@pytest.mark.parametrize("why", ["locked", "failures"])
def test_a_new_temporary_password_unlocks_an_account_and_notifies_its_owner(password: str, capsys, why: str):
    anna = user_of_name("anna")
    mark_verified(add_contact_point(subject=anna.subject, field="phone", value="+4915123456789"))
    if why == "locked":
        lock_account(anna)
    else:
        for _ in range(100):
            judge(anna.subject_id, Authenticator.PASSWORD, right=False)
    call_command("create_staff", "anna", "--renew")
    renewed = re.search(r"password: (\S+)", capsys.readouterr().out)[1]
    assert sign_in(renewed).get("/settings/security/password/").status_code == 200
    assert Notice.objects.filter(template="password_changed", subject_id=anna.subject_id).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_renewal_and_a_change_of_the_password_wait_for_each_other(monkeypatch):
    anna = make_staff("Support", username="anna")
    ended = staff_accounts._end_access
    monkeypatch.setattr(staff_accounts, "_end_access", lambda member: (time.sleep(0.5), ended(member)))
    acts = [
        lambda: renew_temporary_password(username="anna", password=NEW),
        lambda: change_password(user=User.objects.get(pk=anna.pk), password=OTHER),
    ]
    outcomes = in_parallel(2, lambda number: acts[number]())
    assert set(outcomes) <= {"done", "BeginAgain"}
    assert "done" in outcomes
