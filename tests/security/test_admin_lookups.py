"""The admin's lists are filtered by what they offer only: any other question in the address is refused, never a 500."""

from itertools import cycle

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from portal.admin_lists import OF_FILTERS
from tests.doors import client_of
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
SUFFIXES = ("", "__gt", "__startswith", "__in", "__isnull", "__range", "__regex", "__year", "__nothing", "__id__exact")
VALUES = ("a", "", "é", "[", "1,2", "-1", "99999999999999999999999", "\U0001f600")
JUNK = (
    "p=x",
    "p=-1",
    "o=99.-7.x",
    "o=é",
    "_to_field=hash",
    "_popup=x&_to_field=id",
    "e=1",
    "all=",
    "q=" + "a" * 5000,
    "x=y",
)


@pytest.fixture
def browser() -> Client:
    return client_of(make_staff())


def lists() -> list[str]:
    return [f"/admin/{m._meta.app_label}/{m._meta.model_name}/" for m in admin.site._registry]


def test_a_question_about_any_column_is_no_server_error(browser: Client) -> None:
    suffixes, values = cycle(SUFFIXES), cycle(VALUES)
    for model in admin.site._registry:
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for field in model._meta.concrete_fields:
            for _ in range(3):
                lookup = f"{field.name}{next(suffixes)}"
                assert browser.get(path, {lookup: next(values)}).status_code < 500, (path, lookup)


def test_a_filter_that_a_list_offers_answers_every_value(browser: Client) -> None:
    for model, model_admin in admin.site._registry.items():
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for name in (getattr(offered, "parameter_name", offered) for offered in model_admin.list_filter):
            for value, suffix in zip(VALUES, cycle(OF_FILTERS), strict=False):
                assert browser.get(path, {f"{name}{suffix}": value}).status_code < 500, (path, name, suffix, value)


def test_an_address_that_no_link_has_is_no_server_error(browser: Client) -> None:
    for path in lists():
        for junk in JUNK:
            assert browser.get(f"{path}?{junk}").status_code < 500, (path, junk)


@pytest.mark.parametrize("lookup", ["hash__gt", "hash", "subject__id__startswith", "version__html__contains"])
def test_a_hidden_column_cannot_be_asked_about(browser: Client, lookup: str) -> None:
    assert browser.get("/admin/privacy/consentrecord/", {lookup: "a"}).status_code == 400


def test_the_filters_that_a_list_offers_work(browser: Client) -> None:
    for query in ("act__exact=granted", "channel__exact=web", "version__jurisdiction=intl"):
        assert browser.get(f"/admin/privacy/consentrecord/?{query}").status_code == 200
    assert browser.get("/admin/privacy/monthlycount/?month__year=2026&month__month=11").status_code == 200


@pytest.mark.parametrize("number", ["1", "x", "\x01", "9" * 50, "00000000-0000-0000-0000-000000000000"])
def test_a_number_that_no_row_has_is_no_server_error(browser: Client, number: str) -> None:
    pages = [f"{path}{number}/{page}/" for path in lists() for page in ("change", "history", "delete")]
    for page in (*pages, *(f"/admin/r/{kind.pk}/{number}/" for kind in ContentType.objects.all())):
        assert browser.get(page).status_code < 500, page
