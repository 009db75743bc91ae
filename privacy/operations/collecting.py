"""Finds what every package declares in its module `operations`, as Django's admin finds `admin`.

`OPERATIONS` of such a module is a list of declarations. Their types belong to the package that reads them: the portal
reads `Sweep` and `Watched`, an erasure reads `DataStore`. No central list names the packages.
"""

import pkgutil
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, TypeVar

from django.apps import AppConfig, apps

Declaration = TypeVar("Declaration")
MODULE, NAME = "operations", "OPERATIONS"


def project_apps() -> list[AppConfig]:
    """Return the apps whose packages are looked through: those with `has_packages` set."""
    return [app for app in apps.get_app_configs() if getattr(app, "has_packages", False)]


def packages_of(app: str) -> list[str]:
    """Return the dotted names of the packages directly in an app, sorted."""
    path = import_module(app).__path__
    return sorted(f"{app}.{found.name}" for found in pkgutil.iter_modules(path) if found.ispkg)


def modules(app: str, name: str) -> list[ModuleType]:
    """Import the module of this name in each package of an app that has one, and return them."""
    return [import_module(f"{package}.{name}") for package in packages_of(app) if find_spec(f"{package}.{name}")]


def modules_of_all(name: str) -> Iterator[ModuleType]:
    """Yield the module of this name of every package of every app of the project."""
    for app in project_apps():
        yield from modules(app.name, name)


@lru_cache(maxsize=1)
def all_declarations() -> tuple[Any, ...]:
    """Return everything that is declared, package by package. Raises `AppRegistryNotReady` before models are loaded."""
    apps.check_models_ready()
    return tuple(each for module in modules_of_all(MODULE) for each in getattr(module, NAME))


@lru_cache(maxsize=64)
def declared(kind: type[Declaration]) -> tuple[Declaration, ...]:
    """Return every declaration of a type, in the order of the packages."""
    return tuple(each for each in all_declarations() if isinstance(each, kind))
