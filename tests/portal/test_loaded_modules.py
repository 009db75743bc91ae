"""Everything that a package has is found by its name: no list has to be kept."""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin

from portal.runtime.celery_app import app as celery_app

pytestmark = pytest.mark.embedded


def modules(name: str) -> set[str]:
    """The dotted names of the modules of this name in all packages, by their files."""
    found = [path for top in ("accounts", "privacy") for path in (settings.BASE_DIR / top).glob(f"*/{name}.py")]
    return {".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts) for path in found}


def test_the_models_of_every_package_are_loaded():
    assert modules("models") == {
        model.__module__ for model in apps.get_models() if model.__module__.startswith(("accounts.", "privacy."))
    }


def test_the_tasks_of_every_package_are_loaded():
    celery_app.loader.import_default_modules()
    named = {name.rpartition(".")[0] for name in celery_app.tasks if name.startswith(("accounts.", "privacy."))}
    assert modules("tasks") == named


def test_the_admin_of_every_package_is_loaded():
    shown = {base.__module__ for each in admin.site._registry.values() for base in type(each).__mro__}
    packages = {module.rpartition(".")[0] for module in modules("admin")}
    assert {package for package in packages if not any(name.startswith(f"{package}.") for name in shown)} == set()
