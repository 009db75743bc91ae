"""System checks: the declarations of packages are complete and valid."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from privacy.export.copy_rows import CopyRows
from privacy.inventory.data_stores import DataStore
from privacy.inventory.declarations import Kind, ThirdPartyModel
from privacy.inventory.offered_services import Requirements, Service
from privacy.inventory.queries import declared_records, personal_fields
from privacy.inventory.retention_classes import RETENTION
from privacy.inventory.value_labels import ValueLabel
from privacy.journal.chains import JournalChain
from privacy.journal.restores import AfterRestore
from privacy.notices.addressing import AddresseeLookUp
from privacy.notices.messages import Message
from privacy.operations.account_pages import AccountPage
from privacy.operations.collecting import MODULE, declared, modules_of_all, packages_of, project_apps
from privacy.operations.queues import QUEUES, QueueOf
from privacy.operations.roles import ROLES, Permissions
from privacy.operations.staff_pages import FirstPagePart, PersonPart
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import NotWatched, Watched

# Names, or ends of names, of columns that hold a due time.
DUE_TIMES = ("due_at", "deadline_at", "next_attempt_at", "ends_at", "until")
# Locks and offers that expire by themselves: nothing is due.
RUNS_OUT = ("undo_until", "previous_until", "paced_until", "temporary_password_until")
MESSAGE_PARTS = ("subject.txt", "txt", "sms.txt")
# Names of metrics and labels as Prometheus takes them; keys of services in addresses.
SERVICE_KEY = METRIC_NAME = re.compile(r"[a-z][a-z0-9_]*")
# What a declaration names, and no second one of its kind may name.
UNIQUE: Mapping[type, Callable[[Any], Iterable[str]]] = {
    Watched: lambda watched: [watched.name],
    NotWatched: lambda excused: [f"{excused.model._meta.label}.{excused.column}"],
    Sweep: lambda sweep: [sweep.name],
    QueueOf: lambda queue: [task.name for task in queue.tasks],
    FirstPagePart: lambda part: [part.template],
    PersonPart: lambda part: [part.anchor],
    AccountPage: lambda page: [page.url_name],
    Service: lambda service: [service.key],
    Requirements: lambda _each: ["what people gave"],
    Message: lambda message: [message.template],
    AddresseeLookUp: lambda look_up: [look_up.template],
    DataStore: lambda store: [store.name],
    ThirdPartyModel: lambda each: [each.model._meta.label],
    CopyRows: lambda copied: [copied.model._meta.label],
    ValueLabel: lambda label: [label.name],
    JournalChain: lambda chain: [chain.name],
    AfterRestore: lambda step: [step.name],
}


@register()
def packages_are_complete(**_options: Any) -> list[CheckMessage]:
    """E011 to E019: the `operations` of each package are complete and valid.

    E011: a package with models but without `operations`. E012: a due time, or the age of rows that are deleted by age,
    that no watched figure covers. E013: a role or permission that does not exist. E014: a thing that is declared twice.
    E015: `urls` without routes. E016: a missing template. E017: a queue that does not exist. E018: a watched figure
    that cannot work. E019: a service that needs what nobody can give.
    """
    checks: tuple[Callable[[], Iterator[CheckMessage]], ...] = (
        _undiscovered_packages,
        _uncovered_due_times,
        _unknown_permissions,
        _double_names,
        _empty_urls,
        _missing_templates,
        _unknown_queues,
        _broken_figures,
        _impossible_services,
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
    covered = {
        (rows.model, watched.deadline)
        for watched in declared(Watched)
        if isinstance(rows := _rows_with_deadline(watched), models.QuerySet)
    }
    covered |= {column for watched in declared(Watched) if watched.covers for column in watched.covers()}
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
    for model, record in declared_records():
        ages = bool(record.retention and RETENTION[record.retention].period and not record.keeps)
        if ages and (model, record.ages_from) not in covered:
            yield _error("E012", f"{model._meta.label} is deleted by age, and no Watched covers that it is.", model)


def _rows_with_deadline(watched: Watched) -> Any:
    """Return the rows of a figure with a deadline; the error where they cannot be read, None where there are none."""
    if not watched.deadline or not watched.rows:
        return None
    try:
        return watched.rows()
    except Exception as error:  # noqa: BLE001 - it is reported as a problem of the declaration
        return error


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
    for kind, names_of in UNIQUE.items():
        names = Counter(name for each in declared(kind) for name in names_of(each))
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
    wanted = [part.template for kind in (FirstPagePart, PersonPart) for part in declared(kind)]
    wanted += [f"privacy/notices/{each.template}.{part}" for each in declared(Message) for part in MESSAGE_PARTS]
    for name in wanted:
        try:
            get_template(name)
        except TemplateDoesNotExist:
            yield _error("E016", f"There is no template {name}.")


def _unknown_queues() -> Iterator[CheckMessage]:
    asked = {each.queue for each in declared(QueueOf)} | {queue for each in declared(Sweep) for queue in each.queues}
    yield from (_error("E017", f"There is no queue {queue!r}.") for queue in sorted(asked - set(QUEUES)))


def _broken_figures() -> Iterator[CheckMessage]:
    for watched in declared(Watched):
        if not METRIC_NAME.fullmatch(watched.name):
            yield _error("E018", f"The figure {watched.name} cannot work: {watched.name} is no name of a metric.")
        if watched.by and not METRIC_NAME.fullmatch(watched.by):
            yield _error("E018", f"The figure {watched.name} cannot work: {watched.by} is no name of a label.")
        rows = _rows_with_deadline(watched)
        kind = type(rows).__name__
        if isinstance(rows, Exception):
            yield _error("E018", f"The figure cannot work: the rows of {watched.name} cannot be read: {kind}.")
        elif rows is not None and not isinstance(rows, models.QuerySet):
            yield _error("E018", f"Its deadline cannot be read: the rows of {watched.name} are no query set: {kind}.")


def _impossible_services() -> Iterator[CheckMessage]:
    fields = {field.key: field for field in personal_fields()}
    for service in declared(Service):
        if not SERVICE_KEY.fullmatch(service.key):
            yield _error("E019", f"{service.key!r} is no key of a service: use lower-case letters, digits and _.")
        if not service.kinds:
            yield _error("E019", f"No kind of registration can have the service {service.key}.")
        if service.licence and service.kinds - {Kind.ENTERPRISE}:
            yield _error("E019", f"The service {service.key} needs a licence, which only enterprises have.")
        for key in service.needs:
            if key not in fields:
                yield _error("E019", f"The service {service.key} needs {key!r}, and there is no such field.")
            elif not fields[key].kinds & service.kinds:
                yield _error("E019", f"The service {service.key} needs {key!r}, which none of its people can give.")


def _own_models() -> Iterator[type[models.Model]]:
    own = tuple(f"{app.name}." for app in project_apps())
    return (model for model in apps.get_models() if model.__module__.startswith(own))


def _error(number: str, message: str, thing: Any = None) -> CheckMessage:
    return Error(message, hint="See docs/adding_a_capability.md.", obj=thing, id=f"portal.{number}")
