"""Whatever the admin shows of a model has a name that is translated, also on lists that are empty in other tests."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.test import RequestFactory
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext

from accounts.users.models import User
from tests.factories import make_policy, make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.embedded
OWN = ("accounts.", "privacy.")


def own_admins() -> Iterator[ModelAdmin]:
    """Yield those of our models that have Django's own pages."""
    for model in apps.get_models():
        if model.__module__.startswith(OWN) and admin.site.is_registered(model):
            page = admin.site.get_model_admin(model)
            if any((url.name or "").endswith("_history") for url in page.get_urls()):
                yield page


def shown_by(page: ModelAdmin) -> list[Any]:
    """The columns, attributes and functions that an administrator sees on the list and on a row's page."""
    request = RequestFactory().get("/admin/")
    request.user = User(is_superuser=True, is_active=True, is_staff=True)
    row = page.model()
    on_page = flatten_fieldsets(page.get_fieldsets(request, row))
    return [*page.list_display, *on_page, *page.get_readonly_fields(request, row)]


def name_of(page: ModelAdmin, shown: Any) -> object:
    if callable(shown):
        return getattr(shown, "short_description", None)
    try:
        return page.model._meta.get_field(shown).verbose_name
    except FieldDoesNotExist:
        attribute = getattr(page, shown, None) or getattr(page.model, shown, None)
        return getattr(attribute, "short_description", None)


def names_of(model: type[Model]) -> tuple[object, object]:
    return model._meta.verbose_name, model._meta.verbose_name_plural


def test_every_column_that_staff_see_has_a_translated_name():
    unnamed = {
        f"{page.model.__module__}: {page.model.__name__}.{shown}"
        for page in own_admins()
        for shown in shown_by(page)
        if shown != "__str__" and not isinstance(name_of(page, shown), Promise)
    }
    assert sorted(unnamed) == [], "Give a field `verbose_name=_(...)`, a method `@admin.display(description=_(...))`."


def test_every_model_that_staff_see_has_a_translated_name():
    unnamed = [
        page.model.__name__ for page in own_admins() if not all(isinstance(n, Promise) for n in names_of(page.model))
    ]
    assert unnamed == [], "Give it `verbose_name` and `verbose_name_plural` in its class Meta."


def test_the_history_shows_a_text_of_the_log_in_the_reader_s_language():
    version, staff = make_policy("intl"), make_staff()
    LogEntry.objects.create(
        user=staff, content_type=ContentType.objects.get_for_model(version), object_id=version.pk,
        action_flag=CHANGE, change_message="Requested",
    )  # fmt: skip
    address = f"/admin/privacy/policyversion/{version.pk}/history/"
    page = client_of(staff).get(address, headers={"Accept-Language": "zh-Hans"}).content.decode()
    with translation.override("zh-hans"):
        assert gettext("Requested") in page
    assert "Requested" not in page
