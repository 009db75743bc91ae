"""Addresses in the environment: refused in one line that says no secret."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.settings.addresses import origins, redis_url, sender
from portal.settings.environment import DEVELOPMENT, PRODUCTION

pytestmark = pytest.mark.embedded

REDIS = "REDIS_URL must be redis://:PASSWORD@HOST:PORT/0"


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REDIS_URL", "REDIS_WITHOUT_PASSWORD", "DEFAULT_FROM_EMAIL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("redis://redis.example.org:6379/0", "REDIS_URL has no password"),
        ("redis://user@redis.example.org:6379/0", "REDIS_URL has no password"),
        ("redis.example.org", REDIS),
        ("http://:a-password@redis.example.org", REDIS),
        ("redis://:a-password@redis.example.org:x", REDIS),
        ("redis://:a-password@[::1", REDIS),
        ("unix:///run/redis.sock", REDIS),  # Celery has no transport of this name
    ],
)
def test_production_refuses_a_redis_that_is_open_or_none(monkeypatch, url, reason):
    monkeypatch.setenv("REDIS_URL", url)
    with pytest.raises(ImproperlyConfigured, match=reason) as refused:
        redis_url("REDIS_URL", PRODUCTION)
    assert "a-password" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "without_password", "running"),
    [
        ("redis://:a-password@redis.example.org:6379/0", "no", PRODUCTION),
        ("redis://redis.example.org:6379/0", "yes", PRODUCTION),
        ("redis://127.0.0.1:6379/0", "no", DEVELOPMENT),
    ],
)
def test_a_private_redis_needs_no_password(monkeypatch, url, without_password, running):
    monkeypatch.setenv("REDIS_URL", url)
    monkeypatch.setenv("REDIS_WITHOUT_PASSWORD", without_password)
    assert redis_url("REDIS_URL", running) == url


@pytest.mark.parametrize(
    "text", ["portal.example", "https://", "https://portal.example/", "https://a.example,b.example", "ftp://a.example"]
)
def test_an_origin_has_a_scheme_and_a_host_and_nothing_else(monkeypatch, text):
    monkeypatch.setenv("CSRF_TRUSTED_ORIGINS", text)
    with pytest.raises(ImproperlyConfigured, match="CSRF_TRUSTED_ORIGINS must list origins such as"):
        origins("CSRF_TRUSTED_ORIGINS")


def test_origins_are_read_in_turn(monkeypatch):
    monkeypatch.setenv("CSRF_TRUSTED_ORIGINS", "https://a.example, https://b.example:8443")
    assert origins("CSRF_TRUSTED_ORIGINS") == ["https://a.example", "https://b.example:8443"]


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("", "?ssl_cert_reqs=required"),
        ("?ssl_ca_certs=/etc/portal/ca.pem", "?ssl_ca_certs=/etc/portal/ca.pem&ssl_cert_reqs=required"),
        ("?ssl_cert_reqs=none", "?ssl_cert_reqs=none"),
    ],
)
def test_the_certificate_of_redis_is_checked_by_the_broker_too(monkeypatch, given, used):
    url = "rediss://:a-password@redis.example.org:6379/0"
    monkeypatch.setenv("REDIS_URL", url + given)
    assert redis_url("REDIS_URL", PRODUCTION) == url + used


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "DEFAULT_FROM_EMAIL is not set"),
        ("portal@localhost", "must be an e-mail address that accepts replies; it is 'portal@localhost'"),
        ("Portal", "must be an e-mail address such as portal@example.org; it is 'Portal'"),
        ("portal@", "must be an e-mail address"),
    ],
)
def test_production_writes_from_an_address_that_the_operator_set(monkeypatch, text, reason):
    monkeypatch.setenv("DEFAULT_FROM_EMAIL", text)
    with pytest.raises(ImproperlyConfigured, match=reason):
        sender("DEFAULT_FROM_EMAIL", PRODUCTION)


def test_a_sender_may_have_a_name(monkeypatch):
    monkeypatch.setenv("DEFAULT_FROM_EMAIL", "Portal <portal@example.org>")
    assert sender("DEFAULT_FROM_EMAIL", PRODUCTION) == "Portal <portal@example.org>"
