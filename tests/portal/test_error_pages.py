"""An error page says what happened, whether anything was saved and what to do now, also while servers are away."""

import json
import logging
import re
import subprocess
import sys

import pytest
import time_machine
from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.template import Engine
from django.test import Client

from accounts.tries.limits import RateLimited
from accounts.tries.middleware import RateLimitMiddleware
from privacy.branding.images import Image
from privacy.journal.maintenance import begin_restore, end_restore
from tests.factories import make_person
from tests.faults.servers import free_port
from tests.supervised import environment

pytestmark = pytest.mark.embedded

EMAIL = "mailto:quecteldpo@quectel.com"
# Requests about data are filed on their page: an e-mail would have neither a reference nor a due time.
DESK = re.compile(r'<a href="/requests/">(File it here|在此提交申请)</a>')
ASKED = """
import json
import django
django.setup()
from django.test import Client
client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
client.cookies["session"] = "x" * 32
answers = {"/policies/": client.get("/policies/"), "/recover/": client.post("/recover/", {"login": "a@example.org"})}
print(json.dumps({path: (answer.status_code, answer.content.decode()) for path, answer in answers.items()}))
"""
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])


@pytest.fixture
def browser(db) -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def broken(monkeypatch):
    """A function that lets every page raise an error."""

    def broken_with(error: Exception) -> None:
        def fail(*_given: object) -> None:
            raise error

        monkeypatch.setattr("accounts.sessions.middleware.note_use", fail)

    return broken_with


def expect_page(answer: HttpResponse, status: int, *said: str) -> str:
    """Check what every page of an error has, and return its text."""
    page = answer.content.decode()
    assert answer.status_code == status
    assert page.count("<h1>") == 1
    assert "portal.css" in page
    assert 'href="/"' in page
    assert EMAIL in page
    assert DESK.search(page)
    assert "style=" not in page
    for text in said:
        assert text in page
    return page


def test_a_missing_page_leads_on(browser: Client):
    page = expect_page(browser.get("/nothing/"), 404, "Page not found", "It may have moved", "· Privacy portal</title>")
    assert 'href="/sign-in/"' in page


def test_a_signed_in_person_is_led_to_their_settings(client: Client):
    client.force_login(make_person())
    page = expect_page(client.get("/nothing/"), 404)
    assert '<a class="button-secondary" href="/settings/">' in page


def test_a_refused_page_says_that_nothing_was_changed(client: Client):
    client.force_login(make_person())
    page = expect_page(client.get("/admin/login/"), 403, "You can't view this page", "Nothing was changed")
    assert 'href="/home/"' in page or 'href="/settings/"' in page


def test_an_expired_form_says_that_nothing_was_saved(db):
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "x"})
    page = expect_page(answer, 403, "This form has expired", "We have not saved anything")
    assert 'href="/sign-in/"' in page


def test_an_unreadable_request_says_that_nothing_was_saved(browser: Client):
    page = expect_page(browser.get("/sign-in/?next=%00"), 400, "We have not saved anything")
    assert "\0" not in page


def test_a_body_that_is_too_large_says_how_much_may_be_sent(browser: Client):
    answer = browser.post("/sign-in/", {"login": "x" * 3_000_000})
    page = expect_page(answer, 413, "This is too large to send", "Nothing that you sent was stored")
    assert re.search(r"[\d,]+ kB to this page", page)


@pytest.mark.parametrize(("seconds", "said"), [(45, "in 1 minute."), (61, "in 2 minutes."), (3600, "in 60 minutes.")])
def test_a_limit_says_in_words_when_to_try_again(rf, db, seconds: int, said: str):
    request = rf.post("/sign-in/")
    answer = RateLimitMiddleware(lambda _request: HttpResponse()).process_exception(request, RateLimited(seconds))
    page = expect_page(answer, 429, f"Please try again {said}", "We did not process this attempt")
    assert answer["Retry-After"] == str(seconds)
    assert "Try again</a>" not in page  # a link would not send the form


@time_machine.travel("2026-12-01T10:00:00+00:00", tick=False)
def test_a_signed_in_person_reads_the_time_of_the_next_attempt(rf):
    request = rf.post("/settings/profile/")
    request.user = make_person()
    answer = RateLimitMiddleware(lambda _request: HttpResponse()).process_exception(request, RateLimited(1500))
    page = expect_page(answer, 429, "in 25 minutes.", "Next attempt:")
    assert "Dec. 1, 2026, 10:25 a.m.</time> (UTC)" in page


@LANGUAGES
def test_a_database_that_is_away_is_told_in_the_readers_language(browser: Client, broken, language: str):
    broken(OperationalError("connection refused"))
    answer = browser.get("/sign-in/?next=/home/", headers={"accept-language": language})
    said = {"en": ("What you just sent was not saved", "in 1 minute."), "zh-hans": ("没有保存", "1分钟后")}[language]
    page = expect_page(answer, 503, *said, f'<html lang="{language}">')
    assert answer["Content-Language"] == language
    assert answer["Retry-After"] == "30"
    assert 'href="/sign-in/?next=/home/"' in page  # try again
    assert "<form" not in page


def test_a_form_is_not_offered_to_be_sent_by_a_link(browser: Client, broken):
    broken(OperationalError("connection refused"))
    assert "Try again</a>" not in browser.post("/sign-in/", {"login": "x"}).content.decode()


@LANGUAGES
def test_an_error_of_ours_has_a_reference_that_the_log_has(browser: Client, broken, caplog, language: str):
    broken(ValueError("broken"))
    answer = browser.get("/sign-in/", headers={"accept-language": language})
    said = {"en": "This is our fault", "zh-hans": "这是我们的问题"}[language]
    expect_page(answer, 500, said, f"<code>{answer['X-Request-Id']}</code>")
    assert "broken" not in answer.content.decode()
    assert f"The page of this error has the reference {answer['X-Request-Id']}." in caplog.text


@LANGUAGES
def test_maintenance_says_that_data_is_not_lost(browser: Client, language: str):
    begin_restore()
    try:
        answer = browser.get("/home/", headers={"accept-language": language})
        style = browser.get("/static/portal.css")
    finally:
        end_restore()
    said = {"en": ("Your data is not lost", "in 2 minutes."), "zh-hans": ("没有丢失", "2分钟后")}[language]
    expect_page(answer, 503, *said)
    assert style.status_code == 200


def test_the_brand_is_on_a_page_without_a_database(browser: Client, broken, settings):
    settings.SERVICE_NAMES, settings.BRAND_LOGO = {"en": "Acme"}, Image(b"<svg/>", "svg")
    broken(OperationalError("connection refused"))
    page = expect_page(browser.get("/"), 503, "· Acme</title>", 'src="/brand/logo.')
    logo = page.partition('src="')[2].partition('"')[0]
    assert browser.get(logo).status_code == 200


def test_templates_that_fail_leave_a_plain_page(browser: Client, broken, monkeypatch, caplog):
    def fail(*_given: object, **_more: object) -> None:
        raise RuntimeError("the engine is broken")

    broken(ValueError("broken"))
    monkeypatch.setattr(Engine, "get_template", fail)
    with caplog.at_level(logging.ERROR):
        answer = browser.get("/sign-in/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something went wrong" in page
    assert "系统出错" in page
    assert "{%" not in page
    assert "The page 500.html cannot be rendered." in caplog.text


def test_pages_are_answered_while_databases_and_redis_refuse_connections(tmp_path):
    port = free_port()
    variables = {
        "PORTAL_VAR": str(tmp_path),
        "PORTAL_ENV": "development",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": f"postgres://portal@127.0.0.1:{port}/portal",
        "KEYS_DATABASE_URL": f"postgres://portal@127.0.0.1:{port}/keys",
        "REDIS_URL": f"redis://127.0.0.1:{port}/0",
    }
    command = [sys.executable, "-c", ASKED]
    asked = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment(**variables), capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stderr
    answers = json.loads(asked.stdout.splitlines()[-1])
    assert {path: status for path, (status, _page) in answers.items()} == {"/policies/": 503, "/recover/": 503}
    for _status, page in answers.values():
        assert "What you just sent was not saved" in page
        assert EMAIL in page


@pytest.mark.parametrize(
    ("error", "status", "code"), [(OperationalError("refused"), 503, "unavailable"), (ValueError("x"), 500, "internal")]
)
def test_an_endpoint_answers_with_a_problem(browser: Client, broken, error: Exception, status: int, code: str):
    broken(error)
    answer = browser.get("/api/v1/policies/current?country=DE")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["code"] == code
