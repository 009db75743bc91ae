"""The operator's brand is on every page, in messages, in the admin and on devices; its files are safe and cached."""

import re

import pytest
from allauth.core.context import request_context
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory
from django.utils import translation

from accounts.second_factors.adapter import SecondFactorAdapter
from portal.settings import brand_values
from portal.web.admin_site import PortalAdminSite
from portal.web.brand import brand
from privacy.branding.brand import service_name
from privacy.branding.images import Image
from privacy.notices.rendering import render_email
from tests.factories import make_staff
from tests.privacy.notices.test_rendering import CONTEXT
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.embedded

SVG = Image(b'<svg xmlns="http://www.w3.org/2000/svg"/>', "svg")


@pytest.fixture
def branded(settings):
    settings.SERVICE_NAMES = {"en": "Acme Trust & Care", "zh-hans": "安可隐私服务"}
    settings.BRAND_ACCENT, settings.BRAND_ACCENT_DARK = "#1d4ed8", "#9bb8ff"
    settings.BRAND_LOGO = SVG
    settings.HELP_URL = "https://www.example.org/help"
    settings.IMPRINT_URL = "https://www.example.org/imprint"
    settings.ACCESSIBILITY_URL = "https://www.example.org/a11y"
    return settings


@pytest.mark.parametrize(("language", "name"), [("en", "Acme Trust &amp; Care"), ("zh-hans", "安可隐私服务")])
def test_a_page_has_name_logo_colours_and_links(db, client: Client, branded, language: str, name: str):
    page = client.get("/sign-in/", headers={"accept-language": language}).content.decode()
    assert f" · {name}</title>" in page
    assert re.search(
        rf'<a class="brand" href="/"><img src="/brand/logo\.\w+\.svg" alt="" height="32">\s*{name}</a>', page
    )
    assert re.search(r'<link rel="stylesheet" href="/brand/brand\.\w+\.css">', page)
    assert re.search(r'<link rel="icon" href="/brand/icon\.\w+\.svg">', page)
    for url in (branded.HELP_URL, branded.IMPRINT_URL, branded.ACCESSIBILITY_URL):
        assert f'<a href="{url}">' in page
    assert "Privacy portal" not in page
    assert "隐私中心" not in page


def test_without_a_brand_a_page_asks_for_no_file_more(db, client: Client):
    page = client.get("/sign-in/").content.decode()
    assert " · Privacy portal</title>" in page
    assert "/brand/" not in page
    assert '<link rel="icon" href="/static/favicon.svg">' in page


def test_one_name_serves_both_languages(settings):
    settings.SERVICE_NAMES = {"en": "Acme"}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert service_name() == "Acme"


def test_the_stylesheet_is_cached_for_good_and_asks_no_database(client: Client, branded, django_assert_num_queries, db):
    client.cookies["session"] = "x" * 32
    with django_assert_num_queries(0), django_assert_num_queries(0, using="keys"):
        answer = client.get(brand().stylesheet)
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    style = answer.content.decode()
    assert "--accent: light-dark(#1d4ed8, #9bb8ff)" in style
    assert "url(" not in style


def test_the_brand_colours_the_whole_page_also_the_head_of_the_admin(client: Client, branded, db):
    style = client.get(brand().stylesheet).content.decode()
    assert {selector.strip() for selector in re.findall(r"([^{}]+)\{[^{}]*--accent:", style)} == {":root"}


def test_the_url_changes_with_the_colour(branded):
    before = brand().stylesheet
    branded.BRAND_ACCENT = "#b00020"
    assert brand().stylesheet != before


def test_a_logo_runs_nothing_where_it_is_opened_as_a_page(client: Client, branded, db):
    answer = client.get(brand().logo)
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    policy = answer["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_another_digest_and_other_methods_find_nothing(client: Client, branded, db):
    assert client.get("/brand/logo.000000000000.svg").status_code == 404
    assert client.post(brand().logo).status_code == 404
    assert client.head(brand().logo).status_code == 200


def test_an_email_has_the_name_and_the_colours(branded):
    sent = render_email("new_sign_in", "en", CONTEXT)
    assert sent.subject.endswith(" · Acme Trust & Care")
    assert sent.sender == "Acme Trust & Care"
    assert "background:#1d4ed8;color:#ffffff" in sent.html
    assert "#9bb8ff" in sent.html
    assert "#0b5d4e" not in sent.html


def test_devices_and_the_admin_show_the_name(branded, rf: RequestFactory):
    assert SecondFactorAdapter().get_totp_issuer() == "Acme Trust & Care"
    with request_context(rf.get("/", headers={"host": "portal.example.org:8000"})):
        entity = SecondFactorAdapter().get_public_key_credential_rp_entity()
    assert entity == {"id": "portal.example.org", "name": "Acme Trust & Care"}
    assert str(PortalAdminSite().site_header) == "Acme Trust & Care: staff"
    with translation.override("zh-hans"):
        assert str(PortalAdminSite().site_title) == "安可隐私服务：管理后台"


INVISIBLE = ["Ac\u200bme", "\u200b", "Acme\u2060", "\u2800", "Acme\u202e", "Acme\u00ad", "\u3164"]
WRONG = {
    "SERVICE_NAME": (
        brand_values.service_name,
        ["A" * 33, "Acme\nBcc: x@example.org", "Acme <x>", "Acme: portal", *INVISIBLE],
    ),
    "BRAND_ACCENT": (brand_values.colour, ["red", "#fff", "#12345g", "0b5d4e"]),
    "BRAND_LOGO": (brand_values.image, ["none.svg", "portal.js"]),
    "HELP_URL": (
        brand_values.link,
        ["javascript:alert(1)", "www.example.org", "https://", "https://[", "mailto:", "/help"],
    ),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, (_read, values) in WRONG.items() for value in values]
)
def test_a_wrong_value_is_refused_and_its_variable_named(monkeypatch, name: str, value: str):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{name} must "):
        WRONG[name][0](name)


def test_a_logo_below_static_is_found_by_its_name(monkeypatch):
    monkeypatch.setenv("BRAND_LOGO", "favicon.svg")
    assert brand_values.image("BRAND_LOGO").suffix == "svg"
    monkeypatch.delenv("BRAND_LOGO")
    assert brand_values.image("BRAND_LOGO") is None


def test_a_colour_that_cannot_be_read_stops_the_check(checked, tmp_path):
    environment = {"PATH": "/usr/bin:/bin", "PORTAL_VAR": str(tmp_path), "BRAND_ACCENT": "#ffd600"}
    code, said = checked(environment)
    assert code != 0
    assert "BRAND_ACCENT=#ffd600 has a contrast of 1.41" in said


@pytest.mark.parametrize("path", ["/admin/", "/admin/privacy/erasurecase/"])
def test_a_page_of_the_admin_has_name_colours_and_icon(branded, path: str):
    page = client_of(make_staff(jurisdiction="cn")).get(path).content.decode()
    assert "Acme Trust &amp; Care: staff" in page
    assert f'<link rel="stylesheet" href="{brand().stylesheet}">' in page
    assert f'<link rel="icon" href="{brand().icon}">' in page
