"""Everything that a package has is found by its name: no list has to be kept."""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin

from portal.runtime.celery_app import app as celery_app

pytestmark = pytest.mark.embedded


def modules(name: str) -> set[str]:
    """The dotted names of the modules of this name in all packages, by their files."""
    tops = [settings.BASE_DIR / top for top in ("accounts", "privacy")]
    found = [path for top in tops for path in top.glob(f"*/{name}.py")]
    found += [path.parent for top in tops for path in top.glob(f"*/{name}/__init__.py") if name == "models"]
    return {".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts) for path in found}


def test_the_models_of_every_package_are_loaded():
    own = [model.__module__ for model in apps.get_models() if model.__module__.startswith(("accounts.", "privacy."))]
    # A package may have a folder of models.
    assert modules("models") == {f"{module.partition('.models')[0]}.models" for module in own}


def test_the_tasks_of_every_package_are_loaded():
    celery_app.loader.import_default_modules()
    named = {name.rpartition(".")[0] for name in celery_app.tasks if name.startswith(("accounts.", "privacy."))}
    assert modules("tasks") == named


def test_the_admin_of_every_package_is_loaded():
    shown = {base.__module__ for each in admin.site._registry.values() for base in type(each).__mro__}
    packages = {module.rpartition(".")[0] for module in modules("admin")}
    assert {package for package in packages if not any(name.startswith(f"{package}.") for name in shown)} == set()
