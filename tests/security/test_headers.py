"""Every answer has the security headers: a page, a file, a refusal, a redirect, an error."""

import pytest
from django.http import HttpResponse
from django.test import Client

from portal.web import middleware

pytestmark = pytest.mark.embedded

HOST = "portal.example.org"
BY_HTTPS = {"host": HOST, "x-forwarded-proto": "https"}


@pytest.fixture(autouse=True)
def _as_in_production(settings) -> None:
    settings.ALLOWED_HOSTS = [HOST]
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True


@pytest.fixture
def browser() -> Client:
    """A browser that came by HTTPS."""
    return Client(raise_request_exception=False, headers=BY_HTTPS)


def expect_headers(answer: HttpResponse, *, by_https: bool = True) -> None:
    found = answer.headers
    policy = {part.strip() for part in found["Content-Security-Policy"].split(";")}
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= policy
    assert {"object-src 'none'", "base-uri 'none'"} <= policy
    assert found["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in found
    kind = found.get("Content-Type", "").replace('"', "")
    assert "charset=utf-8" in kind or not kind.startswith("text/")
    assert found["X-Frame-Options"] == "DENY"
    assert found["Referrer-Policy"] == "same-origin"
    assert found["Cross-Origin-Opener-Policy"] == "same-origin"
    # A browser ignores it on an answer that did not come by HTTPS (RFC 6797, 8.1).
    assert found.get("Strict-Transport-Security") == ("max-age=31536000; includeSubDomains" if by_https else None)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/static/portal.css", 200),
        ("/static/favicon.svg", 200),
        ("/nothing/here/", 404),
        ("/api/v1/nothing", 404),
        ("/home/", 302),
        ("/admin/", 302),
        ("/sign-in/?next=%00", 400),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/metrics", 200),
    ],
)
def test_pages_files_and_redirects_have_the_headers(browser: Client, path: str, status: int):
    answer = browser.get(path)
    assert answer.status_code == status
    expect_headers(answer)


def test_so_has_the_redirect_to_https():
    answer = Client(headers={"host": HOST}).get("/sign-in/")
    assert (answer.status_code, answer["Location"]) == (301, f"https://{HOST}/sign-in/")
    expect_headers(answer, by_https=False)


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_an_app_that_uses_http_is_refused_and_not_redirected(method: str):
    answer = Client(headers={"host": HOST}).generic(method, "/api/v1/auth/sign-in", b"{}", "application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "https_required")
    assert "Location" not in answer.headers
    expect_headers(answer, by_https=False)


@pytest.mark.parametrize("path", ["/", "/api/v1/auth/sign-in"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_so_has_the_refusal_of_another_host(path: str, scheme: str):
    answer = Client(headers={"host": "evil.example", "x-forwarded-proto": scheme}).get(path)
    assert answer.status_code == 400
    expect_headers(answer, by_https=scheme == "https")


@pytest.mark.parametrize("path", ["/", "/api/v1/policies/current"])
def test_so_has_maintenance(browser: Client, monkeypatch, path: str):
    monkeypatch.setattr(middleware, "in_maintenance", lambda: True)
    answer = browser.get(path)
    assert (answer.status_code, answer["Retry-After"]) == (503, "120")
    expect_headers(answer)


def test_so_has_a_forged_form():
    client = Client(enforce_csrf_checks=True, headers=BY_HTTPS)
    answer = client.post("/sign-in/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    expect_headers(answer)


def test_so_has_a_body_that_is_too_large(browser: Client):
    answer = browser.post("/sign-in/", {"login": "x" * 300_000})
    assert answer.status_code == 413
    expect_headers(answer)


@pytest.mark.parametrize("path", ["/", "/api/v1/policies/current?country=DE"])
def test_so_has_an_error(browser: Client, monkeypatch, path: str):
    def fail(*_given, **_more):
        raise ValueError("broken")

    monkeypatch.setattr("accounts.sessions.middleware.note_use", fail)
    answer = browser.get(path)
    assert answer.status_code == 500
    for detail in (b"broken", b"ValueError", b"Traceback", b"note_use"):
        assert detail not in answer.content
    expect_headers(answer)


def test_preload_is_off_unless_the_operator_asks(settings):
    assert settings.SECURE_HSTS_PRELOAD is False
