"""Settings of the two databases: PostgreSQL by URL, or a file of SQLite."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import make_conninfo

from portal.settings.environment import EMBEDDED, env

POSTGRESQL = "django.db.backends.postgresql"
# Options of Django and of the driver, beside the parameters of a connection.
DRIVER_OPTIONS = ("server_side_binding", "prepare_threshold", "pool", "isolation_level", "assume_role")
SCHEMES = ("postgres", "postgresql", "sqlite")
SQLITE = "django.db.backends.sqlite3"
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
}
# A statement is prepared at the server after its fifth use. A pooler of transactions must support prepared statements;
# `?prepare_threshold=0` in the URL prepares none. Connecting to a server that is away takes five seconds, not minutes,
# unless `?connect_timeout=` in the URL says otherwise.
POSTGRESQL_OPTIONS = {"server_side_binding": True, "prepare_threshold": 5, "connect_timeout": 5}


def database(name: str, file: Path, mode: str) -> dict[str, Any]:
    """Return the settings of the database whose URL is the variable `name`; in embedded mode without it, of the file.

    Raises `ImproperlyConfigured` where the URL is missing.
    """
    if mode == EMBEDDED and name not in env.ENVIRON:
        _keep_private(file)
        return {"ENGINE": SQLITE, "NAME": file, "OPTIONS": dict(SQLITE_OPTIONS)}
    if name not in env.ENVIRON:
        raise ImproperlyConfigured(f"{name} is not set. PORTAL_ENV={mode} requires it.")
    settings = _parsed(name)
    if settings["ENGINE"] == SQLITE:
        return settings | {"OPTIONS": dict(SQLITE_OPTIONS)}
    options = POSTGRESQL_OPTIONS | settings.get("OPTIONS", {})
    _refuse_unknown_options(name, options)
    # For the driver zero means the first use; here it means never.
    options["prepare_threshold"] = options["prepare_threshold"] or None
    persistent = {"ENGINE": "privacy.database", "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    return settings | persistent | {"OPTIONS": options}


def _parsed(name: str) -> dict[str, Any]:
    """Return the settings in a URL. Raises `ImproperlyConfigured` without the value, which may hold a password."""
    settings: dict[str, Any] = {}
    # For an unknown scheme the library would warn, with the password.
    if env.str(name).partition("://")[0] in SCHEMES:
        with suppress(ValueError, ImproperlyConfigured):
            settings = dict(env.db_url(name))
    if settings.get("ENGINE") not in (POSTGRESQL, SQLITE) or not settings.get("NAME"):
        raise ImproperlyConfigured(f"{name} must have the form postgres://USER:PASSWORD@HOST:PORT/NAME.")
    return settings


def _refuse_unknown_options(name: str, options: dict[str, Any]) -> None:
    """Raise `ImproperlyConfigured` for an option that the driver does not know, or a value that it does not take."""
    parameters = {key: value for key, value in options.items() if key not in DRIVER_OPTIONS}
    try:
        make_conninfo("", **parameters)
        int(parameters["connect_timeout"]), int(options["prepare_threshold"])
    except (ProgrammingError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} has an unknown or invalid option: {str(error).strip()}.") from None


def _keep_private(file: Path) -> None:
    """Make an empty SQLite file that only this user may read; SQLite copies its mode to the files beside it."""
    try:
        file.touch(mode=0o600)
    except OSError as error:
        raise ImproperlyConfigured(f"PORTAL_VAR: the file {file} cannot be created ({error.strerror}).") from None
    with suppress(PermissionError):  # it belongs to another user
        file.chmod(0o600)
