import json

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client, RequestFactory

from portal.web import health


def test_healthz_asks_no_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_readyz_names_every_check():
    answer = health.readyz(RequestFactory().get("/readyz"))
    assert answer.status_code == 200
    checks = ["database", "keys", "cache", "broker", "workers", "journal"]
    assert json.loads(answer.content) == dict.fromkeys(checks, "ok")


@pytest.mark.parametrize("name", list(health.CHECKS))
def test_one_that_does_not_answer_is_named_without_detail(name, monkeypatch, caplog):
    def fail():
        raise ConnectionError("password authentication failed for user portal")

    monkeypatch.setitem(health.CHECKS, name, fail)
    answer = health.readyz(RequestFactory().get("/readyz"))
    assert answer.status_code == (200 if name in health.OPTIONAL else 503)
    assert f'"{name}": "failed"'.encode() in answer.content
    assert b"password" not in answer.content
    assert "password" not in caplog.text


def test_each_check_asks_its_server(monkeypatch):
    for alias in ("default", "keys"):
        monkeypatch.setattr(connections[alias], "cursor", lambda: 1 / 0)
    monkeypatch.setattr(cache, "get", lambda _key: None)
    monkeypatch.setattr(health.celery_app, "connection_for_write", lambda **_options: 1 / 0)
    answer = health.readyz(RequestFactory().get("/readyz"))
    # The journal is compared with both databases; the last answer of workers is in the cache, which may be a table.
    assert answer.status_code == 503
    failed = {name for name, state in json.loads(answer.content).items() if state == "failed"}
    assert failed - {"workers"} == {"database", "keys", "cache", "broker", "journal"}


@pytest.mark.postgres
@pytest.mark.parametrize(("alias", "name"), [("default", "database"), ("keys", "keys")])
def test_a_database_that_takes_no_writes_is_not_ready(alias, name):
    with connections[alias].cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    answer = health.readyz(RequestFactory().get("/readyz"))
    assert answer.status_code == 503
    assert f'"{name}": "failed"'.encode() in answer.content


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_a_probe_may_send_an_address_as_host(settings, path):
    settings.ALLOWED_HOSTS = ["portal.example.org"]
    assert Client(headers={"host": "10.0.0.7:8000"}).get(path).status_code == 200
    assert Client(headers={"host": "10.0.0.7:8000"}).get("/").status_code == 400
