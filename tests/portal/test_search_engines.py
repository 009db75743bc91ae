"""Search engines list the pages by which people come, with a title and a description, and nothing about a person."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from portal.web.robots import LISTED
from tests.factories import make_person, make_policy

pytestmark = pytest.mark.embedded

PUBLIC = [
    "/",
    "/register/",
    "/register/individual/?country=DE",
    "/register/enterprise/?country=DE",
    "/sign-in/",
    "/recover/",
    "/receipts/",
    "/requests/",
    "/policies/",
    "/policies/intl/",
]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_may_be_listed_and_has_title_and_description(client: Client, path: str, language: str):
    make_policy("intl")
    page = client.get(path, headers={"accept-language": language})
    text = page.content.decode()
    assert page.status_code == 200
    assert "X-Robots-Tag" not in page.headers
    service = {"en": "Privacy portal", "zh-hans": "隐私中心"}[language]
    [title] = re.findall(r"<title>(.*?)</title>", text, re.DOTALL)
    name, _dot, ending = title.rpartition(" · ")
    assert (bool(name.strip()), ending) == (True, service)
    [description] = re.findall(r'<meta name="description" content="([^"]+)">', text)
    assert len(description) >= (50 if language == "en" else 10) or path not in ("/", "/sign-in/", "/recover/")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        "/home/",
        "/receipts/ABCD-EFGH/",
        "/requests/ABCD-EFGH/",
        "/undo/secret/",
        "/design/",
        "/outbox/",
        "/api/v1/nothing",
        "/readyz",
    ],
)
def test_nothing_else_is_listed(db, client: Client, path: str):
    assert client.get(path)["X-Robots-Tag"] == "noindex"


def test_nothing_of_a_person_is_listed(client: Client):
    client.force_login(make_person())
    for path in ("/home/", "/settings/", "/settings/profile/"):
        assert client.get(path)["X-Robots-Tag"] == "noindex"


def test_robots_may_visit_pages_and_not_the_api(db, client: Client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == "User-agent: *\nDisallow: /api/\nDisallow: /admin/\n"


def test_every_listed_name_is_a_url():
    assert {key for key in get_resolver().reverse_dict if isinstance(key, str)} >= LISTED
