"""What every test has: both databases, clean keys in memory, no real clock tricks, and honest skips."""

import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import connection, connections
from django.test import Client, TransactionTestCase
from django.utils import translation
from whitenoise.middleware import WhiteNoiseMiddleware

from accounts.staff.roles import make_groups
from accounts.users.models import User
from privacy.database import waking
from privacy.encryption import keys
from privacy.evidence.triggers import create_triggers, drop_triggers
from privacy.journal import maintenance
from privacy.operations.roles import ROLES
from privacy.policies.published import forget_versions
from privacy.recipients.cached import forget_recipients
from tests.caches import empty_caches
from tests.declarations import declare
from tests.environment import (
    CAN_GENERATE_CLIENTS,
    CHROMIUM,
    IN_CI,
    IS_BESIDE_SERVERS,
    IS_FULL,
    IS_LONG,
    SERVER,
    SHARED,
    examples,
)
from tests.factories import PASSWORD, STAFF_WITHOUT_ACCOUNT, make_person
from tests.migrated import load_into_memory, migrated_databases

APPEND_ONLY: list[tuple[str, str]] = []


# Hypothesis would fail an example that a busy machine makes slow.
hypothesis.settings.register_profile("portal", deadline=None, max_examples=examples(25, 100))
hypothesis.settings.load_profile("portal")


@pytest.hookimpl(tryfirst=True)  # before pytest-django puts tests that really commit behind the others
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give every test both databases, except the journeys, which use their own portal."""
    _leave_out(config, items, lambda item: connection.vendor == "postgresql" and _is_embedded(item))
    _leave_out(config, items, lambda item: not IS_FULL and item.get_closest_marker("full_only"))
    if connection.vendor != "postgresql" and not IS_LONG:
        _leave_out(config, items, lambda item: item.get_closest_marker("long"))
    if connection.vendor != "postgresql" and IS_BESIDE_SERVERS:
        _leave_out(config, items, lambda item: item.get_closest_marker("long") and not _is_embedded(item))
        first = {item.path: item for item in reversed(items) if not _is_embedded(item)}
        _leave_out(config, items, lambda item: not _is_embedded(item) and first[item.path] is not item)
    for item in items:
        mark = item.get_closest_marker("django_db")
        if "journeys" not in item.path.parts and (mark is None or "databases" not in mark.kwargs):
            options = dict(mark.kwargs) if mark else {}
            item.add_marker(pytest.mark.django_db(**options, databases="__all__"), append=False)


def _is_embedded(item: pytest.Item) -> bool:
    """Whether a test is the same on every database: it is marked so, or its file is and it does not really commit."""
    if item.get_closest_marker("postgres") or item.get_closest_marker("redis"):
        return False
    if any(mark.name == "embedded" for mark in item.own_markers):
        return True
    mark = item.get_closest_marker("django_db")
    return item.get_closest_marker("embedded") is not None and not (mark and mark.kwargs.get("transaction"))


def _leave_out(config: pytest.Config, items: list[pytest.Item], is_out: Callable[[pytest.Item], object]) -> None:
    """Leave out what is the same on every database, on PostgreSQL, and what takes long, unless it is asked for."""
    out = [item for item in items if is_out(item)]
    if out:
        config.hook.pytest_deselected(items=out)
        chosen = set(out)
        items[:] = [item for item in items if item not in chosen]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Spare the garbage collector what stays until the end: all that is imported and collected."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this machine cannot run, and say why; in CI everything runs."""
    missing = {
        "postgres": (connection.vendor != "postgresql", "no PostgreSQL: set DATABASE_URL and KEYS_DATABASE_URL"),
        "redis": (not settings.REDIS_URL, "no Redis: set REDIS_URL"),
        "browser": (not CHROMIUM.exists(), f"no Chromium at {CHROMIUM}"),
        "clients": (not CAN_GENERATE_CLIENTS, "no Java, Node or tests/clients/requirements.txt"),
        "shared": (not SHARED.exists(), "the shared corpus is not beside the checkout"),
    }
    for name, (is_missing, why) in missing.items():
        if is_missing and item.get_closest_marker(name) and not IN_CI:
            pytest.skip(why)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Let pytest-django find databases that are migrated already; what lacks, it migrates."""
    if connection.vendor == "postgresql":
        for alias, name in migrated_databases(SERVER).items():
            connections[alias].settings_dict["TEST"]["TEMPLATE"] = name
    held = [load_into_memory(alias) for alias in connections if connection.vendor == "sqlite"]
    yield
    for database in held:
        database.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real policies, names and numbers beside the checkout."""
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def _staff_without_accounts() -> Iterator[None]:
    """Take each number of no account for a person of its own: tests name staff by numbers alone."""
    with declare(STAFF_WITHOUT_ACCOUNT):
        yield


@pytest.fixture
def person() -> User:
    """A person who registered and verified their phone."""
    return make_person()


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    """The browser in which that person signed in with their password."""
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    return client


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Forget opened keys, published versions, recipients, a broker's outage and the language between tests."""
    waking._away_until = 0.0
    keys.forget_keys()
    keys._system_keys.clear()
    forget_versions()
    forget_recipients()
    translation.activate("en")
    yield
    keys.forget_keys()
    keys._system_keys.clear()


@pytest.fixture(autouse=True)
def _journal_of_its_own(settings: Any, tmp_path: Path) -> None:
    """Each test has an empty journal, as it has an empty database."""
    settings.ERASURE_JOURNAL = tmp_path / "journal"
    maintenance.forget_answer()


@pytest.fixture(scope="session", autouse=True)
def _licence_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures of licences are stored apart from those of the checkout, before the store is used."""
    folder = tmp_path_factory.mktemp("licences")
    settings.STORAGES["licences"]["OPTIONS"]["location"] = str(folder)
    return folder


@pytest.fixture(autouse=True)
def _no_licences_of_others(_licence_folder: Path) -> Iterator[None]:
    """Delete what a test stored: its rows are gone, and files without rows are an alarm."""
    yield
    for left in _licence_folder.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()


@pytest.fixture(autouse=True)
def _empty_caches(request: pytest.FixtureRequest) -> None:
    """Begin with caches that hold nothing, wherever a test has its databases."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        empty_caches()


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_found_once() -> None:
    """Look for static files once: WhiteNoise does for each client."""
    add_files, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def add_found_files(self: WhiteNoiseMiddleware) -> None:
        if not found:
            add_files(self)
            found.update(self.files)
        self.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = add_found_files


@pytest.fixture
def limits_on(settings: Any) -> None:
    """Count tries, as a portal does that serves people."""
    settings.RATE_LIMITS = True


# Made by migrations, and never changed by tests but for the roles.
STAYS = {"django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}
TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"


def _empty_tables() -> None:
    """Delete all rows of both databases of PostgreSQL, whatever triggers and references say."""
    for each in connections.all():
        with each.cursor() as cursor:
            cursor.execute(TABLES)
            tables = [name for [name] in cursor.fetchall() if name not in STAYS]
            rows = (f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in tables)  # noqa: S608 - names of tables
            cursor.execute(" UNION ALL ".join(rows))
            deletions = [f"DELETE FROM {name};" for [name] in cursor.fetchall()]  # noqa: S608
            cursor.execute(
                f"SET session_replication_role = replica; {' '.join(deletions)} RESET session_replication_role"
            )
    Group.objects.exclude(name__in=ROLES).delete()


_teardown = TransactionTestCase._fixture_teardown


def _teardown_without_triggers(self: TransactionTestCase) -> None:
    """Evidence cannot be deleted, so a test that really commits lifts the triggers for its clean-up only.

    Rows of migrations are deleted, too: the roles are made again for the next test. PostgreSQL takes seconds to
    truncate a hundred tables; only those that have rows are emptied there.
    """
    if connection.vendor == "postgresql":
        _empty_tables()
        make_groups(Group, Permission)
        return
    for table, _when in APPEND_ONLY:
        drop_triggers(connection, table)
    _teardown(self)
    for table, when in APPEND_ONLY:
        create_triggers(connection, table, when)
    make_groups(Group, Permission)


TransactionTestCase._fixture_teardown = _teardown_without_triggers


@pytest.fixture(scope="session", autouse=True)
def _append_only_tables() -> None:
    """Read from the migrations which tables the database refuses to change."""
    from django.db.migrations.loader import MigrationLoader

    from privacy.evidence.triggers import RefuseChanges

    for migration in MigrationLoader(None).disk_migrations.values():
        APPEND_ONLY.extend(
            (operation.table, operation.when)
            for operation in migration.operations
            if isinstance(operation, RefuseChanges) and (operation.table, operation.when) not in APPEND_ONLY
        )
