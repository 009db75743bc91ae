"""What HTTP allows besides what we expect: TRACE, listings, a name twice, answers that caches keep."""

import pytest
from django.test import Client

from accounts.users.models import User
from tests.app import App
from tests.factories import PASSWORD

PLANTED = "planted-13800138000"


@pytest.mark.parametrize("path", ["/", "/home/", "/sign-in/", "/admin/", "/static/portal.css", "/api/v1/me"])
def test_trace_repeats_nothing_of_the_request(signed_in: Client, path: str):
    answer = signed_in.generic("TRACE", path, PLANTED.encode(), headers={"X-Planted": PLANTED, "Cookie": PLANTED})
    said = b"".join(answer) + str(answer.headers).encode()
    assert PLANTED.encode() not in said
    assert answer.get("Content-Type") != "message/http"


@pytest.mark.parametrize(
    "path", ["/static/", "/static/admin/", "/static/../portal/settings.py", "/.git/config", "/media/"]
)
def test_no_folder_is_listed_and_no_file_beside_the_static_ones_is_served(client: Client, path: str):
    assert client.get(path).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["me", "me/consents", "me/contacts", "me/security-events", "auth/sessions", "auth/devices"]
)
def test_no_cache_keeps_what_an_app_is_answered(person: User, path: str):
    app = App()
    app.sign_in(person.username, PASSWORD)
    answer = app.get(path)
    assert answer.status_code == 200
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))


@pytest.mark.django_db
def test_a_value_in_the_url_replaces_no_form_value(client: Client, person: User):
    client.post(f"/sign-in/?login={person.username}&password={PASSWORD}", {"login": "", "password": ""})
    assert client.get("/home/").status_code == 302


@pytest.mark.django_db
def test_a_name_twice_in_a_form_is_the_last_one(client: Client, person: User):
    client.post("/sign-in/", {"login": person.username, "password": [PASSWORD, "wrong"]})
    assert client.get("/home/").status_code == 302
    client.post("/sign-in/", {"login": person.username, "password": ["wrong", PASSWORD]})
    assert client.get("/home/").status_code == 200
