"""The admin's lists are filtered by what they offer only: any other question in the address is refused, never a 500."""

from itertools import cycle

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client, RequestFactory
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.web.admin_lists import DATE_LOOKUPS, FILTER_SUFFIXES
from privacy.operations.roles import ROLES
from tests.environment import IS_THOROUGH, examples, some
from tests.erasures import asked, due
from tests.factories import make_person, make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db
SUFFIXES = ("", "__gt", "__startswith", "__in", "__isnull", "__range", "__regex", "__year", "__nothing", "__id__exact")
OFTEN = (
    "_to_field",
    "_popup",
    "_facets",
    "_changelist_filters",
    "p",
    "o",
    "e",
    "q",
    "all",
    "id__foo",
    "pk__in",
    "a__b",
)
ODD = (
    *(
        "",
        "-1",
        "0",
        "13",
        "32",
        "99999",
        "9" * 30,
        "9" * 5000,
        "1.-2.é",
        "nan",
        "1e400",
        "x" * 20_000,
        "\x00",
        "1\x00",
    ),
    *("2026-02-30", "0000-00-00", "9999-12-31", "2026-11-01T25:61:00", "2026-11-01 00:00:00+99:99", "١٢", "id", "hash"),
)
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
    asked(make_person())
    due(make_person())
    return client_of(make_staff())


def lists() -> list[str]:
    return [f"/admin/{m._meta.app_label}/{m._meta.model_name}/" for m in admin.site._registry]


def names_of(page: ModelAdmin) -> list[str]:
    """The names that the filters of a list read."""
    offered = page.get_list_filter(RequestFactory().get("/admin/"))
    return [getattr(each, "parameter_name", each) for each in offered]


def test_every_filter_that_a_list_links_answers(browser: Client) -> None:
    for path in lists():
        page = browser.get(path)
        for spec in page.context["cl"].filter_specs if "cl" in (page.context or ()) else ():
            for choice in spec.choices(page.context["cl"]):
                assert browser.get(path + choice["query_string"]).status_code == 200, (path, choice)


def test_a_question_about_any_column_is_no_server_error(browser: Client) -> None:
    suffixes, values = cycle(SUFFIXES), cycle(VALUES)
    for model in admin.site._registry:
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for field in model._meta.concrete_fields:
            for _ in range(examples(1, 3)):
                lookup = f"{field.name}{next(suffixes)}"
                assert browser.get(path, {lookup: next(values)}).status_code < 500, (path, lookup)


def test_a_filter_that_a_list_offers_answers_every_value(browser: Client) -> None:
    for model, model_admin in admin.site._registry.items():
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for name in names_of(model_admin):
            for value, suffix in zip(VALUES, cycle(FILTER_SUFFIXES), strict=False):
                assert browser.get(path, {f"{name}{suffix}": value}).status_code < 500, (path, name, suffix, value)


def test_an_address_that_no_link_has_is_no_server_error(browser: Client) -> None:
    for path in lists():
        for junk in JUNK:
            assert browser.get(f"{path}?{junk}").status_code < 500, (path, junk)


def parameters() -> list[tuple[str, str]]:
    """Each list of the admin with each name that it, or Django, reads in an address."""
    found = []
    for model, model_admin in admin.site._registry.items():
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        names = names_of(model_admin)
        of_dates = [f"{name}__{part}" for name in (model_admin.date_hierarchy, *names) for part in DATE_LOOKUPS if name]
        asked_for = [*OFTEN, *of_dates, *(f"{name}{suffix}" for name in names for suffix in FILTER_SUFFIXES)]
        found += [(path, name) for name in asked_for]
    return found


@settings(max_examples=examples(50, 400), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_value_of_any_name_is_a_server_error(browser: Client, data: st.DataObject) -> None:
    path, name = data.draw(st.sampled_from(parameters()))
    value = data.draw(st.sampled_from(ODD) | st.text(max_size=40) | st.integers().map(str) | st.dates().map(str))
    more = data.draw(st.dictionaries(st.sampled_from(OFTEN), st.sampled_from(ODD), max_size=2))
    page = data.draw(st.sampled_from(("", "", "", "add/", "x/change/", "x/history/", "x/delete/")))
    assert browser.get(f"{path}{page}", {name: value.encode("utf-8", "surrogatepass"), **more}).status_code < 500


def test_every_name_answers_a_number_that_no_computer_counts_and_an_empty_one(browser: Client) -> None:
    for path, name in parameters()[:: 1 if IS_THOROUGH else 12]:
        for value in ("9" * 30, ""):
            assert browser.get(path, {name: value}).status_code < 500, (path, name, value)
            assert browser.get(f"{path}x/change/", {name: value}).status_code < 500, (path, name, value)


@pytest.mark.parametrize("day", [("2026", "2", "30"), ("2026", "13", "1"), ("0", "1", "1"), ("9999", "12", "31")])
def test_a_day_that_does_not_exist_is_no_server_error(browser: Client, day: tuple[str, str, str]) -> None:
    asked_for = dict(zip(("month__year", "month__month", "month__day"), day, strict=True))
    assert browser.get("/admin/privacy/monthlycount/", asked_for).status_code < 500


def test_a_list_asked_for_what_it_does_not_offer_never_says_that_the_database_is_broken(browser: Client) -> None:
    path = "/admin/privacy/monthlycount/"
    assert browser.get(path, {"e": "1", "month__year": "x"}).status_code == 400
    assert browser.get(path, {"month__year": "x"}).headers["Location"] == f"{path}?e=1"


@pytest.mark.parametrize("chosen", ["x", *some("", "1", "9" * 50, "00000000-0000-0000-0000-000000000000")])
def test_an_action_on_a_row_that_there_is_not_is_no_server_error(browser: Client, chosen: str) -> None:
    for path in lists():
        for action in ("delete_selected", "try_again_action", ""):
            for index in ("0", "x"):
                form = {"action": action, "_selected_action": chosen, "index": index, "confirmed": "yes"}
                assert browser.post(path, form).status_code < 500, (path, action, index)


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_no_list_offers_the_stock_bulk_delete(role: str) -> None:
    someone = client_of(make_staff(*([role] if role else []), username="somebody"))
    for path in lists():
        answer = someone.get(path)
        if answer.status_code == 200:
            assert "delete_selected" not in answer.content.decode(), path
    group = Group.objects.get(name="Support")
    someone.post(reverse("admin:auth_group_changelist"), {"action": "delete_selected", "_selected_action": [group.pk]})
    assert Group.objects.filter(pk=group.pk).exists()


@pytest.mark.parametrize("lookup", ["hash__gt", "hash", "subject__id__startswith", "version__html__contains"])
def test_a_hidden_column_cannot_be_asked_about(browser: Client, lookup: str) -> None:
    assert browser.get("/admin/privacy/consentrecord/", {lookup: "a"}).status_code == 400


def test_the_filters_that_a_list_offers_work(browser: Client) -> None:
    for query in ("act__exact=granted", "channel__exact=web", "version__jurisdiction=intl"):
        assert browser.get(f"/admin/privacy/consentrecord/?{query}").status_code == 200
    assert browser.get("/admin/privacy/monthlycount/?month__year=2026&month__month=11").status_code == 200


@pytest.mark.parametrize("number", ["9" * 50, *some("1", "x", "\x01", "00000000-0000-0000-0000-000000000000")])
def test_a_number_that_no_row_has_is_no_server_error(browser: Client, number: str) -> None:
    pages = [f"{path}{number}/{page}/" for path in lists() for page in ("change", "history", "delete")]
    for page in (*pages, *(f"/admin/r/{kind.pk}/{number}/" for kind in ContentType.objects.all())):
        assert browser.get(page).status_code < 500, page
