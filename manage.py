#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Run one management command; what the operator can mend ends in one line, with `--traceback` in the whole."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db import DatabaseError, InterfaceError
    except ModuleNotFoundError:
        sys.exit(_where_django_is())
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as reason:
        sys.exit(f"The portal does not start. {reason}")
    except (DatabaseError, InterfaceError, OSError) as error:
        line = _line_for(error)
        if "--traceback" in sys.argv or not line:
            raise
        sys.exit(line)


def _line_for(error: Exception) -> str:
    """Return what the operator must know of an error of a file or a database; empty where it is one of the code."""
    if isinstance(error, OSError):
        return f"{error.filename or 'A file or a connection'}: {error.strerror or error}."
    said = (str(error).splitlines() or [""])[0]
    if _is_missing_table(error):
        return (
            f"A table is missing ({said}). Start the portal once, which sets everything up, or "
            "run: manage.py migrate --database keys, then manage.py migrate"
        )
    if type(error).__name__ in ("OperationalError", "InterfaceError"):
        return f"A database does not answer (DATABASE_URL, KEYS_DATABASE_URL). {said}"
    return ""


def _where_django_is() -> str:
    python = HERE / ".venv" / "bin" / "python"
    if python.exists():
        return f"This Python has no Django; that of the portal does: {python} {' '.join(sys.argv)}"
    return "This Python has no Django. `make run` sets everything up, in .venv; then: .venv/bin/python manage.py ..."


def _is_missing_table(error: Exception) -> bool:
    # 42P01 is PostgreSQL's `undefined_table`.
    return getattr(error.__cause__, "sqlstate", "") == "42P01" or str(error).startswith("no such table")


if __name__ == "__main__":
    main()
