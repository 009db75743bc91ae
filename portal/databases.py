"""How the two databases are reached: PostgreSQL by URL, or a file of SQLite."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from portal.environment import EMBEDDED, env

SQLITE = "django.db.backends.sqlite3"
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
}
# A statement is planned at the server once for all its uses after the fifth. A pooler that hands each transaction to
# another connection must know of prepared statements; `?prepare_threshold=0` in the URL prepares none.
POSTGRESQL_OPTIONS = {"server_side_binding": True, "prepare_threshold": 5}


def database(name: str, file: Path, mode: str) -> dict[str, Any]:
    """Return the settings of the database whose URL stands in the environment as `name`; embedded, else of the file.

    Raises `ImproperlyConfigured` where the URL is missing.
    """
    if mode == EMBEDDED and name not in env.ENVIRON:
        _keep_private(file)
        return {"ENGINE": SQLITE, "NAME": file, "OPTIONS": dict(SQLITE_OPTIONS)}
    if name not in env.ENVIRON:
        raise ImproperlyConfigured(f"{name} is not set: with PORTAL_ENV={mode} the portal needs it.")
    try:
        settings = dict(env.db_url(name))
    except (ValueError, ImproperlyConfigured):
        # The value may hold a password.
        raise ImproperlyConfigured(f"{name} must be postgres://USER:PASSWORD@HOST:PORT/NAME; it is none.") from None
    if settings["ENGINE"] == SQLITE:
        return settings | {"OPTIONS": dict(SQLITE_OPTIONS)}
    options = POSTGRESQL_OPTIONS | settings.get("OPTIONS", {})
    # Zero would prepare a statement at its first use; here it says none.
    options["prepare_threshold"] = options["prepare_threshold"] or None
    persistent = {"ENGINE": "privacy.database", "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    return settings | persistent | {"OPTIONS": options}


def _keep_private(file: Path) -> None:
    """Let nobody but this user read a file of SQLite, which is made empty; what SQLite puts beside it is as private."""
    file.touch(mode=0o600)
    with suppress(PermissionError):  # another user's
        file.chmod(0o600)
