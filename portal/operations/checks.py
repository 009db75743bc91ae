"""System checks: the declarations of packages are complete and valid."""

from collections import Counter
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from privacy.notices.messages import Message
from privacy.operations.collecting import MODULE, all_declarations, declared, modules_of_all, packages_of, project_apps
from privacy.operations.roles import ROLES, Permissions
from privacy.operations.staff_pages import FirstPagePart
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import NotWatched, Watched

# Names, or ends of names, of columns that hold a due time.
DUE_TIMES = ("due_at", "deadline_at", "next_attempt_at", "ends_at", "until")
# Locks and offers that expire by themselves: nothing is due.
RUNS_OUT = ("undo_until", "previous_until", "paced_until", "temporary_password_until")
MESSAGE_PARTS = ("subject.txt", "txt", "sms.txt")


@register()
def packages_are_complete(**_options: Any) -> list[CheckMessage]:
    """E011 to E016: the `operations` of each package are complete and valid.

    E011: a package with models but without `operations`. E012: a due time that no watched figure covers. E013: a role
    or permission that does not exist. E014: a name that is declared twice. E015: `urls` without routes. E016: a
    missing template.
    """
    checks: tuple[Callable[[], Iterator[CheckMessage]], ...] = (
        _undiscovered_packages,
        _uncovered_due_times,
        _unknown_permissions,
        _double_names,
        _empty_urls,
        _missing_templates,
    )
    return [problem for check in checks for problem in check()]


def _undiscovered_packages() -> Iterator[CheckMessage]:
    for app in project_apps():
        for package in packages_of(app.name):
            if _defines_models(package) and find_spec(f"{package}.{MODULE}") is None:
                yield _error("E011", f"{package} has models, but no operations.py.")


def _defines_models(package: str) -> bool:
    return any(model.__module__.startswith(f"{package}.") for model in apps.get_models())


def _uncovered_due_times() -> Iterator[CheckMessage]:
    covered = {(watched.rows().model, watched.deadline) for watched in declared(Watched) if _has_deadline(watched)}
    excused = {(each.model, each.column) for each in declared(NotWatched)}
    for model in _own_models():
        for column in model._meta.concrete_fields:
            is_due = isinstance(column, models.DateTimeField) and _is_due_time(column.name)
            if is_due and not {(model, column.name)} & (covered | excused):
                yield _error(
                    "E012",
                    f"{model._meta.label}.{column.name} is a due time, and no Watched covers it. Declare one with "
                    "`deadline`, or a NotWatched that says why not.",
                    model,
                )


def _has_deadline(watched: Watched) -> bool:
    return bool(watched.deadline and watched.rows)


def _is_due_time(name: str) -> bool:
    return name in DUE_TIMES or (name not in RUNS_OUT and name.endswith(tuple(f"_{end}" for end in DUE_TIMES)))


def _unknown_permissions() -> Iterator[CheckMessage]:
    given = {name for each in declared(Permissions) for names in each.by_role.values() for name in names}
    asked = {name for part in declared(FirstPagePart) for name in part.permissions}
    asked |= {watched.seen_by for watched in declared(Watched) if watched.seen_by}
    for name in sorted((given | asked) - _permissions()):
        yield _error("E013", f"There is no permission {name}.")
    roles = {role for each in declared(Permissions) for role in each.by_role}
    yield from (_error("E013", f"There is no role {role!r}.") for role in sorted(roles - set(ROLES)))


def _permissions() -> set[str]:
    """Return every permission that models declare; the table of permissions may not exist yet."""
    found = set()
    for model in apps.get_models():
        options = model._meta
        names = [f"{action}_{options.model_name}" for action in options.default_permissions]
        names += [name for name, _label in options.permissions]
        found |= {f"{options.app_label}.{name}" for name in names}
    return found


def _double_names() -> Iterator[CheckMessage]:
    kinds: tuple[tuple[type[Any], str], ...] = ((Watched, "name"), (Sweep, "name"), (Message, "template"))
    for kind, attribute in kinds:
        names = Counter(getattr(each, attribute) for each in all_declarations() if isinstance(each, kind))
        yield from (
            _error("E014", f"{kind.__name__} {name!r} is declared {count} times.")
            for name, count in names.items()
            if count > 1
        )


def _empty_urls() -> Iterator[CheckMessage]:
    for urls in modules_of_all("urls"):
        if not getattr(urls, "urlpatterns", None) and not getattr(urls, "rest", None):
            yield _error("E015", f"{urls.__name__} has no route: give it `urlpatterns`, or `rest`.")


def _missing_templates() -> Iterator[CheckMessage]:
    wanted = [part.template for part in declared(FirstPagePart)]
    wanted += [f"privacy/notices/{each.template}.{part}" for each in declared(Message) for part in MESSAGE_PARTS]
    for name in wanted:
        try:
            get_template(name)
        except TemplateDoesNotExist:
            yield _error("E016", f"There is no template {name}.")


def _own_models() -> Iterator[type[models.Model]]:
    own = tuple(f"{app.name}." for app in project_apps())
    return (model for model in apps.get_models() if model.__module__.startswith(own))


def _error(number: str, message: str, thing: Any = None) -> CheckMessage:
    return Error(message, hint="See docs/adding_a_capability.md.", obj=thing, id=f"portal.{number}")
