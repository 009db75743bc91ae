"""The fields have an ETag, long lists are separate, and a country of another site is answered first."""

import pytest
from django.test import Client

from tests.app import App
from tests.factories import make_policy

pytestmark = pytest.mark.embedded

PATHS = ("fields?kind=individual&country=DE", "countries", "time-zones?country=DE", "time-zones")
OTHER = "https://portal.cn.example"


@pytest.mark.parametrize("path", PATHS)
def test_what_is_known_is_not_sent_again(path: str):
    app = App()
    first = app.get(path)
    tag = first.headers["ETag"]
    again = app.get(path, if_none_match=tag)
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert (again.headers["ETag"], again.headers["Cache-Control"]) == (tag, first.headers["Cache-Control"])
    assert app.get(path, if_none_match=f'"x", W/{tag}').status_code == 304
    assert app.get(path, if_none_match="*").status_code == 304
    assert app.get(path, if_none_match='"x"').status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_a_compressed_answer_is_known_again_too(path: str):
    client = Client(headers={"accept-encoding": "gzip"})
    first = client.get(f"/api/v1/{path}")
    assert first.headers["ETag"].startswith("W/")
    assert client.get(f"/api/v1/{path}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["fields?kind=individual&country=DE", "countries"])
def test_each_language_has_an_answer_of_its_own(path: str):
    english, chinese = App().get(path), App(language="zh-hans").get(path)
    assert "Accept-Language" in english.headers["Vary"]
    assert english.headers["ETag"] != chinese.headers["ETag"]
    assert chinese.headers["Content-Language"] == "zh-hans"
    assert App(language="zh-hans").get(path, if_none_match=english.headers["ETag"]).status_code == 200


def test_long_lists_may_be_kept_and_what_to_ask_is_asked_again():
    assert App().get("countries").headers["Cache-Control"] == "public, max-age=86400"
    assert App().get("time-zones").headers["Cache-Control"] == "public, max-age=86400"
    assert App().get("fields?kind=individual").headers["Cache-Control"] == "no-cache"
    assert "no-store" in App().get("time-zones?country=Germany").headers["Cache-Control"]


def test_a_field_says_where_its_choices_are():
    answer = App().get("fields?kind=individual&country=DE")
    urls = {field["key"]: field["choices_url"] for field in answer.json()["fields"] if field["type"] == "choice"}
    assert urls == {"country": "/api/v1/countries", "time_zone": "/api/v1/time-zones?country=DE"}
    assert len(answer.content) < 10_000
    countries = App(language="zh-hans").get(urls["country"]).json()["choices"]
    assert countries[0] == {"value": "CN", "label": "中国"}
    assert {"value": "DE", "label": "德国"} in countries
    zones = [choice["value"] for choice in App().get(urls["time_zone"]).json()["choices"]]
    assert zones[:2] == ["Europe/Berlin", "Europe/Busingen"]
    assert len(zones) == len(set(zones)) > 300


def test_every_choice_of_a_list_can_be_registered():
    values = {choice["value"] for choice in App().get("countries").json()["choices"]}
    assert {"DE", "CN", "XK"} <= values
    for value in values:
        assert App().get(f"fields?kind=individual&country={value}").status_code == 200


@pytest.mark.parametrize("url", ["", OTHER])
def test_who_stores_elsewhere_says_so_before_anything_is_typed(settings, url: str):
    settings.JURISDICTIONS, settings.JURISDICTION_URLS = ["intl"], {"cn": url} if url else {}
    make_policy("intl")
    answer = App().get("fields?kind=individual&country=CN").json()
    assert (answer["jurisdiction"], answer["stored_here"], answer["site"]) == ("cn", False, url or None)
    refused = App().get("policies/current?country=CN")
    assert (refused.status_code, refused.json()["code"]) == (421, "stored_elsewhere")
    assert (refused.json()["site"], refused.json()["jurisdiction"]) == (url or None, "cn")
    assert refused.json()["controller"]["email"]
    registering = App().post("registrations/individual", {"country": "CN"})
    assert (registering.status_code, registering.json()["site"]) == (421, url or None)


def test_a_text_that_is_here_names_the_site_of_its_people(settings):
    settings.JURISDICTIONS, settings.JURISDICTION_URLS = ["intl"], {"cn": OTHER}
    make_policy("intl")
    make_policy("cn")
    there = App().get("policies/current?country=CN").json()
    assert (there["stored_here"], there["site"]) == (False, OTHER)
    here = App().get("policies/current?country=DE").json()
    assert (here["stored_here"], here["site"]) == (True, None)
    of_here = App().get("fields?kind=individual&country=DE").json()
    assert (of_here["stored_here"], of_here["site"]) == (True, None)
    unknown = App().get("fields?kind=individual").json()
    assert (unknown["stored_here"], unknown["site"]) == (None, None)
